namespace ShellGuard.Cells.Layers;

/// <summary>Names that become directories of the storage: session identifiers and layer numbers. A strict grammar, so
/// that no name given on a command line or found in a file leads out of the storage (sudo_logsrvd 1.9.18 had that).
/// </summary>
public static class StorageName
{
    /// <summary>1 to 64 of <c>a-z</c>, <c>0-9</c> and <c>-</c>, beginning with a letter or digit.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 64 || name[0] == '-')
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
