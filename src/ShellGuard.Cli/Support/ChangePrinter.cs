using System.Text;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

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
                Terminal.Out.WriteLine(Terminal.Paint($"in {SafeText.Escape(layer.Target)}{LabelOf(layer)}:", Paint.Bold));
            }

            foreach (Change change in changes)
            {
                Terminal.Out.WriteLine("  " + Terminal.Paint(ChangeText.Line(change), Colour(change)));
            }
        }

        if (count == 0)
        {
            string where = selected.Values.All(paths => paths is null) ? "" : " there";
            Terminal.Out.WriteLine($"session {session.Id} changed nothing{where}");
        }
    }

    public static void PrintText(IReadOnlyDictionary<SessionLayer, IReadOnlyList<string>?> selected)
    {
        if (!Console.IsOutputRedirected)
        {
            foreach ((SessionLayer layer, IReadOnlyList<string>? paths) in selected)
            {
                foreach (Change change in layer.ChangesAt(paths))
                {
                    using MemoryStream text = new();
                    LayerTextDiff.Write(layer.Layer, [change], text, isForTerminal: true);
                    Terminal.Out.Write(Terminal.PaintDiff(Encoding.UTF8.GetString(text.ToArray()), Terminal.Colour));
                }
            }

            return;
        }

        Terminal.Out.Flush();
        using Stream output = Terminal.OpenOutput();
        foreach ((SessionLayer layer, IReadOnlyList<string>? paths) in selected)
        {
            LayerTextDiff.Write(layer.Layer, layer.ChangesAt(paths), output, isForTerminal: false);
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
            json.WriteStartArray("label");
            foreach (string tag in layer.Label)
            {
                json.WriteStringValue(SafeText.Escape(tag));
            }

            json.WriteEndArray();
            json.WriteStartArray("changes");
            foreach (Change change in layer.ChangesAt(paths))
            {
                ChangeJson.Write(json, change, change.Conflict is null ? [] : ThreeWay.Of(layer.Layer, change));
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

    private static string LabelOf(SessionLayer layer) =>
        layer.Label.Count == 0 ? "" : $", with {SafeText.Escape(string.Join(" and ", layer.Label))}";

    public static Paint Colour(Change change) => change switch
    {
        { Refusal: not null } => Paint.Red,
        { Conflict: not null } => Paint.Yellow,
        { Kind: ChangeKind.Added } => Paint.Green,
        { Kind: ChangeKind.Deleted } => Paint.Red,
        _ => Paint.None,
    };
}
