using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Reports.Explaining;

/// <summary>What is asked for, in each way in which an output may have written the same name.</summary>
internal sealed class WantedNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _above;
    private readonly Glob? _glob;

    public WantedNames(string wanted)
    {
        Text = wanted;
        Add(wanted);
        if (wanted.Length > 1)
        {
            Add(wanted.TrimEnd('/'));
        }

        // A policy quotes wildcards of names, a unit doubles percent signs, an AppArmor profile has backslashes.
        if (Glob.TryLiteral(wanted, out string literal))
        {
            Add(literal);
        }
        else if (wanted.StartsWith('/') && Glob.TryParse(wanted, out Glob? glob, out _))
        {
            _glob = glob;
        }

        Add(wanted.Replace("%%", "%", StringComparison.Ordinal));
        Add(WithoutBackslashes(wanted));
        _above = [.. _names.Where(name => name.StartsWith('/')).Select(name => name.TrimEnd('/') + "/")];
    }

    /// <summary>As it was asked for.</summary>
    public string Text { get; }

    /// <summary>Whether a name is the one that is asked for.</summary>
    public bool Has(string name) => _names.Contains(name) || _names.Contains(AccessText.Name(name, int.MaxValue));

    /// <summary>Whether a name lies beneath it.</summary>
    public bool IsAbove(string name) => _above.Exists(above => name.StartsWith(above, StringComparison.Ordinal));

    /// <summary>Whether a name is one of those for which the pattern that is asked for stands.</summary>
    public bool Matches(string name) => _glob is not null && name.StartsWith('/') && _glob.IsMatch(name);

    private void Add(string name)
    {
        if (name.Length > 0)
        {
            _names.Add(name);
        }
    }

    /// <summary><c>\*</c>, <c>\040</c>.</summary>
    private static string WithoutBackslashes(string text)
    {
        byte[] bytes = KernelText.Encode(text);
        List<byte> plain = [];
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '\\' || at + 1 == bytes.Length)
            {
                plain.Add(bytes[at]);
            }
            else if (at + 3 < bytes.Length && IsOctal(bytes[at + 1]) && IsOctal(bytes[at + 2]) && IsOctal(bytes[at + 3]))
            {
                plain.Add((byte)(((bytes[at + 1] - '0') << 6) | ((bytes[at + 2] - '0') << 3) | (bytes[at + 3] - '0')));
                at += 3;
            }
            else
            {
                plain.Add(bytes[++at]);
            }
        }

        return KernelText.Decode([.. plain]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
