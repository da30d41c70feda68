namespace ShellGuard.Cli.Support;

/// <summary>Select Graphic Rendition parameters, ECMA-48.</summary>
internal enum Paint
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
}
