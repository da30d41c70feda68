namespace ShellGuard.Linux.Launch;

/// <summary>A step as <c>launch.s</c> reads it.</summary>
internal unsafe struct RawStep
{
    public nint Number;
    public nint A0;
    public nint A1;
    public nint A2;
    public nint A3;
    public nint A4;
    public nint A5;
    public nint Result;
    public nint Minimum;
    public nint** Stores;
    public nint Skip;
}
