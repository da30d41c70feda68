using System.Text;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;
using ShellGuard.Policy.Toml;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Makes an <see cref="EffectivePolicy"/> of presets, files and flags.</summary>
public sealed class PolicyLoader
{
    private const int MaximumChain = 16;

    private readonly PolicyContext _context;
    private readonly IPolicyFiles _files;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly List<PolicyLayer> _layers = [];

    private PolicyLoader(PolicyContext context, IPolicyFiles files)
    {
        _context = context;
        _files = files;
    }

    /// <summary>Loads a policy. Never throws for what a policy or a flag says.</summary>
    public static PolicyResult Load(PolicyRequest request, IPolicyFiles files)
    {
        var loader = new PolicyLoader(request.Context, files);
        bool isWhole = loader.LoadChain(request.Policy);
        loader.LoadFlags(request.Flags);
        var walls = loader.LoadWalls();
        bool failed = loader._diagnostics.Exists(d => d.Severity == Severity.Error);
        // What follows from half a policy may be the fault of the other half, and is not told.
        var understood = LayerCombiner.Combine(loader._layers, request.Context, failed ? [] : loader._diagnostics);
        return new PolicyResult(
            failed ? null : understood with { Walls = walls },
            isWhole ? understood : null,
            request.Context, loader._diagnostics, loader._sources, loader._layers);
    }

    /// <summary>Reads a policy and those that it extends; false where one of them is missing.</summary>
    private bool LoadChain(string policy)
    {
        string? directory = _context.WorkingDirectory;
        var place = RuleSource.CommandLine($"--policy {ShellQuote.Quote(policy)}");
        int length = 1;
        string next = policy;
        var seen = new List<string>();
        while (true)
        {
            if (Open(next, directory, place, length) is not { } opened)
            {
                return false;
            }

            if (seen.Contains(opened.Name, StringComparer.Ordinal) || seen.Count >= MaximumChain)
            {
                Error(place, length, seen.Count >= MaximumChain
                    ? $"more than {MaximumChain} policies extend each other"
                    : $"extends goes round in a circle: {string.Join(" extends ", seen.Append(opened.Name))}");
                return false;
            }

            seen.Add(opened.Name);
            var document = TomlReader.Read(opened.Bytes);
            _sources[opened.Name] = document.Text.Text;
            var found = new List<Diagnostic>();
            var layer = new PolicyLayer(opened.Name);
            var extends = LayerReader.Read(document, new LayerBuilder(layer, _context, found));
            _diagnostics.AddRange(found.OrderBy(d => d.Line).ThenBy(d => d.Column));
            _layers.Insert(0, layer);
            if (extends is not { } e)
            {
                return true;
            }

            (next, place, length) = e;
            directory =
                PolicyPresets.IsPreset(opened.Name) ? null : opened.Name[..Math.Max(1, opened.Name.LastIndexOf('/'))];
        }
    }

    private (string Name, byte[] Bytes)? Open(string name, string? directory, RuleSource place, int length)
    {
        if (PolicyPresets.TryRead(name, out string? preset))
        {
            return (PolicyPresets.SourceName(name), Encoding.UTF8.GetBytes(preset));
        }

        bool isFile = name.Contains('/') || name.EndsWith(".toml", StringComparison.Ordinal);
        if (!isFile || directory is null)
        {
            string? near = NearestName.Find(name, PolicyPresets.Names);
            Error(
                place, length, $"there is no preset '{SafeText.Shorten(name, 60)}'",
                near is not null
                    ? $"did you mean '{near}'?"
                    : $"presets are {string.Join(", ", PolicyPresets.Names)}; a file has a slash or ends in .toml");
            return null;
        }

        var from = _context with { WorkingDirectory = directory };
        if (!PathText.TryResolve(Glob.Quote(name), from, out string? path, out _, out string? problem))
        {
            Error(place, length, problem);
            return null;
        }

        var content = _files.Read(path);
        if (content.Bytes is null)
        {
            Error(place, length, $"cannot read the policy {SafeText.Shorten(path, 200)}: {content.Problem}");
            return null;
        }

        return (path, content.Bytes);
    }

    private void LoadFlags(IReadOnlyList<PolicyFlag> flags)
    {
        if (flags.Count > 0)
        {
            var layer = new PolicyLayer(RuleSource.CommandLine("").File);
            FlagReader.Read(flags, new LayerBuilder(layer, _context, _diagnostics));
            _layers.Add(layer);
        }
    }

    /// <summary>What the sources say of walls together. Its mistakes go to those of the same source, by line.</summary>
    private WallRules? LoadWalls()
    {
        var found = new List<Diagnostic>();
        var walls = WallCombiner.Combine(_layers, found);
        if (walls is not null && !_diagnostics.Concat(found).Any(d => d.Severity == Severity.Error))
        {
            found.AddRange(WallCheck.Check(walls, _layers));
        }

        foreach (var file in found.GroupBy(d => d.File, StringComparer.Ordinal))
        {
            int start = _diagnostics.FindIndex(d => d.File == file.Key);
            int end = _diagnostics.FindLastIndex(d => d.File == file.Key) + 1;
            start = start < 0 ? _diagnostics.Count : start;
            var here = _diagnostics[start..Math.Max(start, end)].Concat(file).OrderBy(d => d.Line).ThenBy(d => d.Column).ToList();
            _diagnostics.RemoveRange(start, Math.Max(start, end) - start);
            _diagnostics.InsertRange(start, here);
        }

        return walls;
    }

    private void Error(RuleSource place, int length, string message, string? suggestion = null) => _diagnostics.Add(
        new Diagnostic(Severity.Error, place.File, place.Line, place.Column, length, message, suggestion));
}
