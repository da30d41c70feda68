using System.CommandLine.Parsing;
using ShellGuard.Audit.Import;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>The names of recordings' formats on the command line.</summary>
internal static class FormatNames
{
    private static readonly Dictionary<string, TraceFormat> Formats =
        Enum.GetValues<TraceFormat>().ToDictionary(format => KebabCase.Of(format.ToString()), StringComparer.Ordinal);

    public static string All => string.Join(", ", Formats.Keys.Where(name => name != "auto"));

    public static TraceFormat Parse(ArgumentResult result)
    {
        string name = result.Tokens is [{ } token, ..] ? token.Value : "";
        if (!Formats.TryGetValue(name, out TraceFormat format))
        {
            result.AddError($"there is no format '{name}'; there are {All}");
        }

        return format;
    }
}
