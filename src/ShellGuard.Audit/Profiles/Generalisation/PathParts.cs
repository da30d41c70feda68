using System.Text;
using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>A path whose parts rules replace by patterns.</summary>
public sealed class PathParts
{
    private readonly string?[] _patterns;

    /// <param name="path">Absolute.</param>
    /// <param name="operation">What is done to it.</param>
    /// <param name="isMade">Whether the recorded command made it itself.</param>
    public PathParts(string path, Operation operation, bool isMade)
    {
        ArgumentNullException.ThrowIfNull(path);
        (Path, Operation, IsMade) = (path, operation, isMade);
        Literal = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _patterns = new string?[Literal.Count];
    }

    public string Path { get; }

    public Operation Operation { get; }

    public bool IsMade { get; }

    /// <summary>The parts as they were seen.</summary>
    public IReadOnlyList<string> Literal { get; }

    /// <summary>From which part on everything beneath is meant; the number of parts where none is.</summary>
    public int TreeAt { get; private set; } = int.MaxValue;

    /// <summary>The rules that changed something, in their order.</summary>
    public List<GeneralRule> Rules { get; } = [];

    public bool IsPattern => Rules.Count > 0;

    /// <summary>Whether changing the object is wanted, so that more than what was seen must not be granted lightly.
    /// </summary>
    public bool IsLook => Operation is Operation.Read or Operation.List or Operation.Stat or Operation.MapExecutable;

    /// <summary>Whether it changes something.</summary>
    public bool IsChange => Operation is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename
        or Operation.ChangeAttributes or Operation.Bind;

    /// <summary>Whether the path lies at or beneath this directory.</summary>
    public bool IsBeneath(string directory) => Path.StartsWith(directory, StringComparison.Ordinal)
        && (Path.Length == directory.Length || Path[directory.Length] == '/');

    /// <summary>Puts a pattern in the place of one part.</summary>
    public void Replace(int part, string pattern, GeneralRule rule)
    {
        _patterns[part] = pattern;
        Note(rule);
    }

    /// <summary>Means everything beneath the first parts.</summary>
    public void TakeTree(int parts, GeneralRule rule)
    {
        if (parts < TreeAt)
        {
            TreeAt = parts;
            Note(rule);
        }
    }

    /// <summary>The first parts as a literal path.</summary>
    public string Prefix(int parts) => "/" + string.Join('/', Literal.Take(parts));

    /// <summary>The path, or the pattern in the language of <see cref="Glob"/>.</summary>
    public string Text()
    {
        if (!IsPattern)
        {
            return Path;
        }

        StringBuilder text = new(Path.Length + 4);
        for (int part = 0; part < Math.Min(Literal.Count, TreeAt); part++)
        {
            text.Append('/').Append(_patterns[part] ?? Glob.Quote(Literal[part]));
        }

        return text.Append(TreeAt <= Literal.Count ? "/**" : "").ToString();
    }

    /// <summary>The directory in which the pattern's names lie.</summary>
    public string LiteralDirectory()
    {
        int part = 0;
        while (part < Math.Min(Literal.Count, TreeAt) && _patterns[part] is null)
        {
            part++;
        }

        return Prefix(part);
    }

    private void Note(GeneralRule rule)
    {
        if (!Rules.Contains(rule))
        {
            Rules.Add(rule);
        }
    }
}
