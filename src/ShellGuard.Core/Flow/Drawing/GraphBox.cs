namespace ShellGuard.Core.Flow.Drawing;

/// <summary>Where a box stands, in pixels.</summary>
internal sealed record GraphBox(int Left, int Top, int Width, int Height)
{
    public int Right => Left + Width;

    public int Middle => Top + (Height / 2);
}
