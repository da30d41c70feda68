using System.Globalization;
using System.Text;

namespace ShellGuard.Cells.Layers;

/// <summary>A conflict for people: what the host changed since the session started, then what the session changed, each
/// as a unified diff; where there is no text, sizes and hashes. Nothing in it acts on a terminal.</summary>
public static class ThreeWayText
{
    private const string Start = "when the session started";
    private const string Host = "on the host now";
    private const string Session = "in the session";

    /// <summary>Lines, each ended.</summary>
    public static string Of(ThreeWay view)
    {
        using MemoryStream output = new();
        Write(view, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>The hunks between two versions as they are, for programs; null where one is not text.</summary>
    internal static string? Hunks(FileVersion? before, FileVersion? after)
    {
        if (before?.Text is not { } old || after?.Text is not { } @new)
        {
            return null;
        }

        using MemoryStream output = new();
        UnifiedDiff.WriteHunks(output, old, @new, isForTerminal: false);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static void Write(ThreeWay view, Stream output)
    {
        string path = LayerTextDiff.Quoted(view.Path);
        if (view.Start is not { } start)
        {
            Say(output, $"{path}: what it was {Start} was not kept, so what of this is whose cannot be told");
            Both(output, path, view.Host, Host, view.Session, Session);
            return;
        }

        if (view.Session is null)
        {
            Say(output, $"the session deleted {path}; what the host changed:");
            One(output, path, start, view.Host, Host);
        }
        else
        {
            Say(output, "what the host changed:");
            One(output, path, start, view.Host, Host);
            Say(output, "what the session changed:");
            One(output, path, start, view.Session, Session);
        }
    }

    private static void One(Stream output, string path, FileVersion start, FileVersion now, string when)
    {
        if (start.Sha256 == now.Sha256)
        {
            Say(output, $"  nothing in the content ({start.Size} bytes), perhaps its attributes");
            return;
        }

        Both(output, path, start, Start, now, when);
    }

    private static void Both(Stream output, string path, FileVersion old, string oldWhen, FileVersion? now, string when)
    {
        if (now is null)
        {
            Facts(output, old, oldWhen);
            Say(output, $"  {when.PadRight(Start.Length)}  nothing");
        }
        else if (old.Text is { } before && now.Text is { } after)
        {
            Say(output, $"--- {path} ({oldWhen})");
            Say(output, $"+++ {path} ({when})");
            UnifiedDiff.WriteHunks(output, before, after, isForTerminal: true);
        }
        else
        {
            Facts(output, old, oldWhen);
            Facts(output, now, when);
        }
    }

    private static void Facts(Stream output, FileVersion version, string when) => Say(output, string.Create(
        CultureInfo.InvariantCulture,
        $"  {when.PadRight(Start.Length)}  {version.Size} bytes, sha256 {version.Sha256 ?? "unknown: it cannot be read"}"));

    private static void Say(Stream output, string line) => UnifiedDiff.Line(output, line + "\n");
}
