using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Walls;
using ShellGuard.Core;

namespace ShellGuard.Cells.Sessions;

/// <summary>The opened layers of a session, for looking at and deciding on what it changed.</summary>
public sealed class SessionLayers : IDisposable
{
    private SessionLayers(IReadOnlyList<SessionLayer> layers, IReadOnlyList<string> problems)
    {
        Layers = layers;
        Problems = problems;
    }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<SessionLayer> Layers { get; }

    /// <summary>One line for each layer that cannot be opened.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>How many changes there are to decide on.</summary>
    public int Count => Layers.Sum(layer => layer.Undecided.Count());

    /// <summary>Opens all layers of a session and compares them with the host.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SessionLayers Open(StoredSession session, CancellationToken cancellation = default)
    {
        List<SessionLayer> layers = [];
        List<string> problems = [];
        SessionWalls? walls = null;
        try
        {
            walls = WallsFile.Read(session.Directory);
        }
        catch (SessionException failure)
        {
            problems.Add(failure.Message);
        }

        try
        {
            foreach (string directory in session.LayerDirectories)
            {
                if (!LabelFile.TryRead(directory, out IReadOnlyList<string> label))
                {
                    problems.Add($"layer {Path.GetFileName(directory)}: its label is missing; only discard is left");
                }
                else if (Layer.TryOpen(directory, out Layer? layer, out string? problem))
                {
                    layers.Add(new SessionLayer(directory, layer, label, walls));
                    layers[^1].Compare(cancellation);
                }
                else
                {
                    problems.Add($"layer {Path.GetFileName(directory)}: {problem}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            layers.ForEach(layer => layer.Dispose());
            throw;
        }

        return new SessionLayers(layers, problems);
    }

    /// <summary>Which paths of each layer are meant by paths of the host.</summary>
    /// <param name="paths">Absolute and normalised; empty for everything.</param>
    /// <returns>By layer; null for all of it. Layers that no path is about are not there.</returns>
    /// <exception cref="SessionException">A path is in no layer and has none beneath it.</exception>
    public IReadOnlyDictionary<SessionLayer, IReadOnlyList<string>?> Select(IReadOnlyList<string> paths)
    {
        Dictionary<SessionLayer, IReadOnlyList<string>?> selected = [];
        foreach (SessionLayer layer in Layers)
        {
            if (paths.Count == 0 || paths.Any(path => LayerPath.IsAtOrBeneath(layer.Target, path.TrimEnd('/'))))
            {
                selected[layer] = null;
            }
        }

        foreach (string path in paths)
        {
            // The sides of a wall have layers of their own over one directory.
            SessionLayer[] holding = [.. Layers.Where(layer => LayerPath.IsAtOrBeneath(path, layer.Target.TrimEnd('/')))];
            SessionLayer[] inside = [.. holding.Where(layer => layer.Target.Length == holding.Max(other => other.Target.Length))];
            if (inside.Length == 0)
            {
                if (!Layers.Any(layer => LayerPath.IsAtOrBeneath(layer.Target, path.TrimEnd('/'))))
                {
                    throw new SessionException($"{SafeText.Escape(path)} is not in a directory that the session could change; "
                        + $"it could change {string.Join(", ", Layers.Select(layer => SafeText.Escape(layer.Target)))}");
                }
            }

            foreach (SessionLayer layer in inside)
            {
                if (!selected.TryGetValue(layer, out IReadOnlyList<string>? already) || already is not null)
                {
                    selected[layer] = [.. already ?? [], path[layer.Target.TrimEnd('/').Length..].Trim('/')];
                }
            }
        }

        return selected;
    }

    public void Dispose()
    {
        foreach (SessionLayer layer in Layers)
        {
            layer.Dispose();
        }
    }
}
