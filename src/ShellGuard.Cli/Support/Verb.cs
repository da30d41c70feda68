using System.CommandLine;

namespace ShellGuard.Cli.Support;

/// <summary>A verb of the command line with what help and manual say about it.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>What stands behind the verb in the usage line, for example <c>[SESSION] [PATH...]</c>.</summary>
    public string Operands { get; init; } = "";

    /// <summary>Whether a command follows that is to run.</summary>
    public bool RunsCommand { get; init; }

    /// <summary>How many operands stand before that command.</summary>
    public int OperandsBeforeCommand { get; init; }

    /// <summary>Whether the host's OpenSSL must be there before the verb begins. Not where nothing is hashed, and not
    /// where it is looked for beside the start.</summary>
    public bool NeedsHashes { get; init; } = true;

    /// <summary>More than the one line of the description; paragraphs.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public IReadOnlyList<Example> Examples { get; init; } = [];
}
