using System.Text;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Shows what the host and what the session made of a file that both changed, and asks which wins.</summary>
internal static class ConflictQuestion
{
    public static ConflictAnswer Ask(SessionLayer layer, Change change)
    {
        Show(layer, change);
        while (true)
        {
            switch (Terminal.Ask("  [m]ine: the session's replaces it, [h]ost: it stays, [d]iff again, [s]kip: "))
            {
                case "m" or "mine":
                    return ConflictAnswer.TakeLayer;
                case "h" or "host":
                    return ConflictAnswer.KeepHost;
                case "d" or "diff":
                    Show(layer, change);
                    break;
                case "s" or "skip" or "" or null:
                    return ConflictAnswer.Refuse;
            }
        }
    }

    /// <summary>Where nobody can be asked.</summary>
    public static ConflictAnswer Refuse(SessionLayer layer, Change change)
    {
        Show(layer, change);
        return ConflictAnswer.Refuse;
    }

    private static void Show(SessionLayer layer, Change change)
    {
        StringBuilder text = new();
        text.Append('\n').Append(SafeText.Escape(layer.HostPath(change))).Append(": ").Append(change.Conflict).Append('\n');
        text.Append("  the session has: ").Append(ChangeText.Line(change)).Append('\n');
        IReadOnlyList<ThreeWay> views = ThreeWay.Of(layer.Layer, change);
        foreach (ThreeWay view in views)
        {
            text.Append(ThreeWayText.Of(view));
        }

        if (views.Count == 0)
        {
            using MemoryStream both = new();
            LayerTextDiff.Write(layer.Layer, [change], both, isForTerminal: true);
            text.Append(Encoding.UTF8.GetString(both.ToArray()));
        }

        Terminal.Out.Flush();
        Terminal.Error.Write(Terminal.PaintDiff(text.ToString(), Terminal.ErrorColour));
    }
}
