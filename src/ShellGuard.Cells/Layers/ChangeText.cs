using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Cells.Layers;

/// <summary>Changes as lines for people. Nothing in them acts on a terminal.</summary>
public static class ChangeText
{
    /// <summary>One line: a letter (<c>A</c> added, <c>M</c> modified, <c>D</c> deleted, <c>R</c> replaced; <c>C</c> in
    /// the second column: the host changed it too, <c>!</c>: never committed), the path, and what there is to say.
    /// </summary>
    public static string Line(Change change)
    {
        StringBuilder line = new();
        line.Append(change.Kind switch
        {
            ChangeKind.Added => 'A',
            ChangeKind.Deleted => 'D',
            ChangeKind.Replaced => 'R',
            _ => 'M',
        });
        line.Append(change.Refusal is not null ? '!' : change.Conflict is not null ? 'C' : ' ');
        line.Append(' ').Append(change.Path.Length == 0 ? "." : SafeText.Escape(change.Path));
        if ((change.Kind == ChangeKind.Deleted ? change.HostType : change.Type) == FileType.DIR)
        {
            line.Append('/');
        }

        List<string> details = Details(change);
        if (details.Count > 0)
        {
            line.Append("  (").AppendJoin("; ", details).Append(')');
        }

        return line.ToString();
    }

    private static List<string> Details(Change change)
    {
        List<string> details = [];
        if (change.Kind == ChangeKind.Replaced)
        {
            details.Add($"{TypeName(change.HostType)} becomes {TypeName(change.Type)}");
        }

        if (change.Kind is ChangeKind.Deleted or ChangeKind.Replaced && change.Entries > 1)
        {
            details.Add(string.Create(CultureInfo.InvariantCulture, $"{change.Entries} entries go"));
        }

        if (change is { Mine: { } mine, Host: { } host, Kind: ChangeKind.Modified })
        {
            if (change.Aspects.HasFlag(ChangeAspects.Content))
            {
                details.Add(string.Create(CultureInfo.InvariantCulture, $"{host.Size} to {mine.Size} bytes"));
            }

            if (change.Aspects.HasFlag(ChangeAspects.Mode))
            {
                details.Add($"mode {Octal(host.Mode)} to {Octal(mine.Mode)}");
            }

            if (change.Aspects.HasFlag(ChangeAspects.Owner))
            {
                details.Add(string.Create(
                    CultureInfo.InvariantCulture, $"owner {host.Owner}:{host.Group} to {mine.Owner}:{mine.Group}"));
            }

            if (change.Aspects.HasFlag(ChangeAspects.Attributes))
            {
                details.Add("extended attributes");
            }

            if (change.Aspects.HasFlag(ChangeAspects.Times))
            {
                details.Add("time");
            }
        }
        else if (change is { Kind: ChangeKind.Added, Mine: { IsRegular: true } added })
        {
            details.Add(string.Create(CultureInfo.InvariantCulture, $"{added.Size} bytes"));
        }

        Add(details, "leads to ", change.Target);
        Add(details, "the same file as ", change.HardLinkTo);
        details.AddRange(((string?[])[change.Note, change.Refusal, change.Conflict]).OfType<string>());
        return details;
    }

    internal static string TypeName(FileType type) => type switch
    {
        FileType.REG => "file",
        FileType.DIR => "directory",
        FileType.LNK => "link",
        FileType.IFO => "fifo",
        FileType.SOCK => "socket",
        FileType.None => "nothing",
        _ => "device",
    };

    internal static string Octal(uint mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private static void Add(List<string> details, string what, string? text)
    {
        if (text is not null)
        {
            details.Add(what + SafeText.Escape(text));
        }
    }
}
