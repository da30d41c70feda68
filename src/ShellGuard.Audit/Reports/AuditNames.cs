using System.Globalization;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports;

/// <summary>The names of an enumeration as they stand in files, both ways.</summary>
internal sealed class AuditNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _names = [];

    // By type, not generic: an instantiation for each enumeration would be code for each.
    public AuditNames(Type type)
    {
        foreach (string name in Enum.GetNames(type))
        {
            int number = Convert.ToInt32(Enum.Parse(type, name), CultureInfo.InvariantCulture);
            _numbers.Add(KebabCase.Of(name), number);
            _names.Add(number, KebabCase.Of(name));
        }
    }

    /// <summary>The number that a name stands for.</summary>
    /// <exception cref="FormatException">There is no such name.</exception>
    public int Number(string name, string field) => _numbers.TryGetValue(name, out int number)
        ? number
        : throw new FormatException($"field {field} is '{Shown(name)}', which is not known");

    /// <summary>A number that has this name.</summary>
    /// <exception cref="FormatException">There is no such number, or it has another name.</exception>
    public int Checked(int number, string name, string field) =>
        !_names.TryGetValue(number, out string? known) ? throw new FormatException($"field {field} is {number}, which is not known")
        : known != name ? throw new FormatException($"field {field} is {number}, which is {known} and not '{Shown(name)}'")
        : number;

    private static string Shown(string name) => SafeText.Of(name, 40);
}
