using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Asks which version of a file wins that both the session and the host changed.</summary>
internal static class ConflictQuestion
{
    public static ConflictAnswer Ask(SessionLayer layer, Change change)
    {
        Console.Error.WriteLine();
        Console.Error.WriteLine($"{SafeText.Escape(layer.HostPath(change))}: {change.Conflict}");
        Console.Error.WriteLine("  the session has: " + ChangeText.Line(change));
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

    /// <summary>The host's version now against the session's; that of the session's start is kept nowhere.</summary>
    private static void Show(SessionLayer layer, Change change)
    {
        using Stream error = Console.OpenStandardError();
        LayerTextDiff.Write(layer.Layer, [change], error, isForTerminal: true);
    }
}
