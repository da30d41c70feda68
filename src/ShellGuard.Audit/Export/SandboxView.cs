using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Export;

/// <summary>A profile as the tools see it that build a view of the file system: what is shown, what can be changed,
/// what stays out.</summary>
internal sealed class SandboxView
{
    private readonly PolicyRules _rules;

    public SandboxView(AccessProfile profile, IHostLook host)
    {
        _rules = PolicyRules.Of(profile, host, direct: true);
        Profile = profile;
        Command = profile.Command is { IsWhole: true, Count: > 0 }
            ? [.. profile.Command.Kept.Select(word => KernelText.Decode(word.Kept.Span))]
            : [Placeholder];
        Writable = [.. _rules.Direct.Keys.Where(path => !_rules.HidesIn(path))];
        Dangerous = [.. _rules.Direct.Keys.Where(_rules.HidesIn)];
    }

    /// <summary>Stands where the recording does not have the command.</summary>
    public const string Placeholder = "COMMAND";

    public AccessProfile Profile { get; }

    /// <summary>Literal paths, read-only, beside /usr and the loader's files.</summary>
    public IReadOnlyList<string> ReadOnly => [.. _rules.Reads.Keys];

    /// <summary>Literal paths whose changes go to the host. No target here can hide credentials in one, so that none has
    /// any.</summary>
    public IReadOnlyList<string> Writable { get; }

    /// <summary>Directories with credentials: the command wrote there, and no target here is given it.</summary>
    public IReadOnlyList<string> Dangerous { get; }

    /// <summary>Directories from which the host runs something: the command wrote there, and no target here is given it.
    /// </summary>
    public IReadOnlyList<string> Refused => [.. _rules.Layers.Keys];

    public IReadOnlyList<string> LeftOut => _rules.LeftOut;

    /// <summary>Whether it talks to anything beyond its own loopback.</summary>
    public bool NeedsNetwork => Profile.Connects.Count > 0 || Profile.Listens.Count > 0;

    /// <summary>The words as they were; bytes that are no UTF-8 as <see cref="KernelText"/> has them.</summary>
    public IReadOnlyList<string> Command { get; }

    public IReadOnlyList<GeneralAccess> Evidence(string path) =>
        _rules.Reads.TryGetValue(path, out List<GeneralAccess>? reads) ? reads
        : _rules.Direct.TryGetValue(path, out List<GeneralAccess>? writes) ? writes
        : [];

    /// <summary>What every such target leaves out, as comments.</summary>
    public void Comment(CommentText comment, params IEnumerable<string> limits)
    {
        comment.Missing("What these options cannot say:", limits);
        comment.Missing(
            "Not given, because the host runs something from there:",
            Refused.Select(path => Reports.AccessText.Name(path)));
        comment.Missing(
            "Not given, because credentials lie in it, and these options cannot hide them:", Dangerous.Select(path => Reports.AccessText.Name(path)));
        comment.Missing("Left out on purpose:", LeftOut);
        comment.Command(Profile.Command);
        comment.Missing(
            "Denied in the recording already:", Profile.Denied.Select(access => Reports.AccessText.WithOutcome(access)));
        comment.Privileges(Profile, "Only root could do these; the ways, the cheapest first:");
    }

    /// <summary>Families of sockets by the kernel's names.</summary>
    public static IReadOnlyList<string> FamiliesOf(AccessProfile profile)
    {
        SortedSet<string> families = new(StringComparer.Ordinal) { "AF_UNIX" };
        foreach (ProfileEndpoint endpoint in profile.Connects.Concat(profile.Listens))
        {
            families.Add(endpoint.IsIPv6 ? "AF_INET6" : "AF_INET");
        }

        foreach (GeneralAccess other in profile.Others.Where(other => other.Kind == ObjectKind.OtherSocket))
        {
            families.Add(other.Target.StartsWith("packet", StringComparison.Ordinal) ? "AF_PACKET" : "AF_NETLINK");
        }

        return [.. families];
    }
}
