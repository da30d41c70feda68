using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Core.Flow;

namespace ShellGuard.Cells.Walls;

/// <summary>What a person knows the nodes of a refused pipeline by: the commands that would run in a cell, the files that
/// they name or write. Pure.</summary>
internal static class RefusalNames
{
    private const int LongestName = 60;
    private const int MostFiles = 3;

    /// <summary>The names for <see cref="FlowText.NameOf"/>; what no command stands for keeps its own.</summary>
    /// <param name="filesOf">The files with a label that a stage reads.</param>
    public static Func<FlowNode, string?> Of(
        IReadOnlyList<PlacedStage> stages, Func<PlacedStage, IEnumerable<(string Path, TagSet Label)>> filesOf)
    {
        Dictionary<(NodeKind, string), string> names = [];
        foreach (IGrouping<LabelGroup, PlacedStage> side in stages.Where(stage => stage.Gate is null).GroupBy(stage => stage.Group))
        {
            names[(NodeKind.Cell, side.Key.Name)] = $"{CommandsOf([.. side])}, {side.Key.Name})";
        }

        foreach (LabelGroup group in stages.Select(stage => stage.Group).Distinct())
        {
            Add(names, group.Name, stages.Where(stage => stage.Group == group && stage.Gate is null).SelectMany(WrittenBy));
        }

        return node => names.GetValueOrDefault((node.Kind, node.Name)) ?? FilesOf(node);

        string? FilesOf(FlowNode node)
        {
            IEnumerable<string> meant = stages.SelectMany(filesOf)
                .Where(file => node.History.IsSubsetOf(file.Label) && !file.Label.IsEmpty).Select(file => file.Path);
            return node.Kind != NodeKind.Layer || node.History.IsEmpty ? null
                : Listed([.. meant.Distinct(StringComparer.Ordinal)], node.Name);
        }
    }

    /// <summary>Who asked, for what is told later: <c>psql | sort (pid 12)</c>.</summary>
    public static string Asker(IReadOnlyList<PlacedStage> stages) => $"{CommandsOf(stages)})";

    /// <summary>One command: <c>cp (pid 12)</c>, or with the side that it runs on.</summary>
    public static string CommandOf(string command, int process, string? side = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{SafeText.Shorten(NameOf(command), LongestName)} (pid {process}{(side is null ? "" : $", {side}")})");

    private static string CommandsOf(IReadOnlyList<PlacedStage> stages) => string.Create(
        CultureInfo.InvariantCulture,
        $"{SafeText.Shorten(string.Join(" | ", stages.Select(stage => NameOf(stage.Arguments[0]))), LongestName)} (pid {stages[0].Request.Process}");

    private static string NameOf(string command) => command[(command.LastIndexOf('/') + 1)..];

    private static IEnumerable<string> WrittenBy(PlacedStage stage) =>
        stage.Request.Files.Skip(1).Where(file => file.Kind is LobbyFileKind.File).Select(file => file.Path);

    private static void Add(Dictionary<(NodeKind, string), string> names, string group, IEnumerable<string> files)
    {
        // As it is called when it is there, and when it is only thought of.
        foreach (string layer in (string[])[$"files of {group}", group])
        {
            if (Listed([.. files.Distinct(StringComparer.Ordinal)], $"files of {group}") is { } listed)
            {
                names[(NodeKind.Layer, layer)] = listed;
            }
        }
    }

    private static string? Listed(string[] files, string layer) => files.Length == 0 ? null
        : $"{string.Join(", ", files.Take(MostFiles).Select(Path.GetFileName))}{(files.Length > MostFiles ? ", \u2026" : "")} ({layer})";
}
