using ShellGuard.Audit.Import;
using ShellGuard.Leash.Proposals;

namespace ShellGuard.Cli.Support;

/// <summary>The target <c>leash</c> of <c>shellguard export</c>: a configuration of the commands that an audit shows. It hashes
/// files of this host, so it is none of the audit's own targets.</summary>
internal static class LeashTarget
{
    public const string Name = "leash";

    public const string Description = "named pipelines with hashes";

    /// <summary>Makes the configuration.</summary>
    /// <param name="audit">What was recorded.</param>
    /// <param name="file">Where it stands.</param>
    public static string Write(ImportResult audit, string file) =>
        Proposal.Make(ObservedCommands.Of(audit), file == "-" ? "standard input" : file).Text;
}
