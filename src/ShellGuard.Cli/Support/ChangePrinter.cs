using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Prints changes.</summary>
internal static class ChangePrinter
{
    public static void PrintLines(
        StoredSession session, IReadOnlyDictionary<SessionLayer, IReadOnlyList<string>?> selected)
    {
        int count = 0;
        foreach ((SessionLayer layer, IReadOnlyList<string>? paths) in selected)
        {
            IReadOnlyList<Change> changes = layer.ChangesAt(paths);
            count += changes.Count;
            if (changes.Count > 0)
            {
                Console.Out.WriteLine(Terminal.Paint($"in {SafeText.Escape(layer.Target)}:", Paint.Bold));
            }

            foreach (Change change in changes)
            {
                Console.Out.WriteLine("  " + Terminal.Paint(ChangeText.Line(change), Colour(change)));
            }
        }

        if (count == 0)
        {
            Console.Out.WriteLine($"session {session.Id} changed nothing there");
        }
    }

    public static void PrintText(IReadOnlyDictionary<SessionLayer, IReadOnlyList<string>?> selected)
    {
        Console.Out.Flush();
        using Stream output = Console.OpenStandardOutput();
        foreach ((SessionLayer layer, IReadOnlyList<string>? paths) in selected)
        {
            LayerTextDiff.Write(layer.Layer, layer.ChangesAt(paths), output, isForTerminal: !Console.IsOutputRedirected);
        }
    }

    public static void PrintJson(
        StoredSession session,
        SessionLayers layers,
        IReadOnlyDictionary<SessionLayer, IReadOnlyList<string>?> selected) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("session", session.Id.Text);
        json.WriteStartArray("layers");
        foreach ((SessionLayer layer, IReadOnlyList<string>? paths) in selected)
        {
            json.WriteStartObject();
            json.WriteString("target", SafeText.Escape(layer.Target));
            json.WriteStartArray("changes");
            foreach (Change change in layer.ChangesAt(paths))
            {
                ChangeJson.Write(json, change);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (string problem in layers.Problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static Paint Colour(Change change) => change switch
    {
        { Refusal: not null } => Paint.Red,
        { Conflict: not null } => Paint.Yellow,
        { Kind: ChangeKind.Added } => Paint.Green,
        { Kind: ChangeKind.Deleted } => Paint.Red,
        _ => Paint.None,
    };
}
