using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;

namespace ShellGuard.Audit.Profiles.Privileges;

/// <summary>Finds successes that only root could have, by the modes and owners of this host's files and by the kind of
/// call, and the ways to have each as somebody else.</summary>
public sealed class PrivilegeAnalysis
{
    private readonly IHostLook _host;
    private readonly Credentials _credentials;

    /// <summary>What the command made itself: as somebody else it would have made it as somebody else.</summary>
    private readonly HashSet<string> _made;

    private PrivilegeAnalysis(IHostLook host, Credentials credentials, HashSet<string> made) =>
        (_host, _credentials, _made) = (host, credentials, made);

    public static IReadOnlyList<PrivilegeNeed> Of(Generalised all, IHostLook host, Credentials credentials)
    {
        ArgumentNullException.ThrowIfNull(all);
        PrivilegeAnalysis analysis = new(
            host, credentials,
            [.. all.Accesses.Where(access => access is { Operation: Operation.Create, Outcome.IsGranted: true })
                .SelectMany(access => access.Members).Select(seen => seen.Access.Target)]);
        Dictionary<string, List<PrivilegeNeed>> needs = new(StringComparer.Ordinal);
        foreach (GeneralAccess access in all.Accesses.SelectMany(TouchedPaths.Of))
        {
            // Looking at a file needs rights to its directories only, and those other accesses show.
            if (access.Outcome.IsGranted && IsByRoot(access)
                && (analysis.NeedOf(access) ?? TouchedPaths.LedTo(access).Select(analysis.NeedOf).FirstOrDefault(led => led is not null)) is { } need)
            {
                if (!needs.TryGetValue(need.Why, out List<PrivilegeNeed>? same))
                {
                    needs.Add(need.Why, same = []);
                }

                same.Add(need);
            }
        }

        return [.. needs.Values.Select(Together).OrderBy(need => need.Why, StringComparer.Ordinal)];
    }

    /// <summary>Somebody who may have been root did it: a recording that tells no users may be one of root.</summary>
    internal static bool IsByRoot(GeneralAccess access) => access.Members.Any(seen => seen.Access.Chain[0].User is null or 0);

    /// <summary>One obstacle, and whatever stands behind it.</summary>
    private static PrivilegeNeed Together(List<PrivilegeNeed> same)
    {
        List<GeneralAccess> accesses = [.. same.SelectMany(need => need.Accesses)];
        List<PrivilegeWay> ways = [.. same[0].Ways.Where(way => way.Kind is not (PrivilegeWayKind.HelperCommand or PrivilegeWayKind.LeaveOut))];
        AddHelper(accesses, ways);
        ways.Add(Loss(accesses));
        return new PrivilegeNeed(accesses, same[0].Why, ways)
        {
            Capability = same[0].Capability,
            Group = same[0].Group,
            ListedPath = same[0].ListedPath,
            ListedRights = same[0].ListedRights,
            IsOwners = same[0].IsOwners,
        };
    }

    private PrivilegeNeed? NeedOf(GeneralAccess access) => access.Kind switch
    {
        ObjectKind.Endpoint => OfPort(access),
        ObjectKind kind when kind.HasPath() => OfPath(access),
        _ => OfCall(access),
    };

    private PrivilegeNeed? OfPath(GeneralAccess access)
    {
        if (access.Operation == Operation.SystemCall)
        {
            return OfCall(access);
        }

        string path = access.IsPattern ? access.Members[0].Access.Target : access.Target;
        if (access.IsUnresolved || !path.StartsWith('/') || path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return null;
        }

        // The directories on the way must let one through, whatever is done.
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_host.Look(path[..slash]) is not { } directory)
            {
                break;
            }

            if (directory.IsDirectory && (directory.Mode & 1) == 0)
            {
                return FileNeed(access, path[..slash], directory, 1, "x", $"{AccessText.Name(path[..slash])} lets only its owner or group through");
            }
        }

        (uint bit, string letters, string what) = access.Operation switch
        {
            Operation.Read or Operation.MapExecutable => (4u, "r", "read it"),
            Operation.List => (4u, "rx", "list it"),
            Operation.Execute => (1u, "x", "execute it"),
            Operation.Write => (2u, "rw", "write to it"),
            Operation.Connect or Operation.Send => (2u, "rw", "connect to it"),
            Operation.Create or Operation.Delete or Operation.Rename => (2u, "rwx", "make and delete names in it"),
            _ => (0u, "", ""),
        };
        if (access.Operation == Operation.ChangeAttributes)
        {
            return OfAttributes(access, path);
        }

        bool isMade = _made.Contains(path[..Math.Max(1, path.LastIndexOf('/'))])
            || (access.Operation != Operation.Create && _made.Contains(path))
            || (access.Operation == Operation.Create && _host.Look(path) is { IsRegular: false, IsDirectory: false });
        if (bit == 0 || isMade)
        {
            return null;
        }

        bool isName = access.Operation is Operation.Create or Operation.Delete or Operation.Rename;
        string place = isName ? Existing(path[..Math.Max(1, path.LastIndexOf('/'))]) : path;
        return _host.Look(place) is not { } file || (file.Mode & bit) != 0
            ? null
            : FileNeed(access, place, file, bit, letters, $"{AccessText.Name(place)} lets only its owner or group {what}");
    }

    private PrivilegeNeed? OfAttributes(GeneralAccess access, string path)
    {
        if (access.Destination is { } owner)
        {
            // To keep a file, or to give it to one's own group, needs nothing; chown(2).
            return owner is "user 0" or "group 0" or "user 0 group 0"
                ? null
                : CapabilityNeed(access, "CAP_CHOWN", "only root gives a file to another user, or to a group that one is not in", "the owner of every file: as good as root");
        }

        return !_made.Contains(path) && _host.Look(path) is { } changed
            ? CapabilityNeed(access, "CAP_FOWNER", $"only the owner, user {changed.Owner}, may change its mode or times, or link to it", "attributes of every file") with { IsOwners = changed.Owner == 0 }
            : null;
    }

    private string Existing(string directory)
    {
        while (directory.Length > 1 && _host.Look(directory) is null)
        {
            directory = directory[..Math.Max(1, directory.LastIndexOf('/'))];
        }

        return directory;
    }

    private PrivilegeNeed FileNeed(GeneralAccess access, string path, HostObject file, uint bit, string letters, string why)
    {
        List<PrivilegeWay> ways = [];
        uint? number = null;
        if ((file.Mode & (bit << 3)) != 0 && file.Group != 0 && _host.GroupName(file.Group) is { } group)
        {
            number = file.Group;
            ways.Add(new PrivilegeWay(PrivilegeWayKind.Group, $"usermod -aG {AccessText.Name(group, 40)} USER", KnownGroups.Cost(group)));
        }

        bool isCredential = _credentials.Has(path)
            || (path == access.Target && access.Members.Any(seen => seen.Access.Resolved is { } real && _credentials.Has(real)));
        string? cost = isCredential ? "it is a credential" : null;
        ways.Add(new PrivilegeWay(PrivilegeWayKind.FileAcl, $"setfacl -m u:USER:{letters} {Quoted(path)}", cost));
        string capability = bit == 2 ? "CAP_DAC_OVERRIDE" : "CAP_DAC_READ_SEARCH";
        ways.Add(new PrivilegeWay(
            PrivilegeWayKind.Capability, capability, bit == 2 ? "writes every file: as good as root" : "reads every file of the host"));
        return new PrivilegeNeed([access], why, ways)
        {
            Capability = capability,
            Group = number,
            ListedPath = path,
            ListedRights = (letters.Contains('r', StringComparison.Ordinal) ? 4u : 0) | (letters.Contains('w', StringComparison.Ordinal) ? 2u : 0) | (letters.Contains('x', StringComparison.Ordinal) ? 1u : 0),
            IsOwners = file.Owner == 0 && (file.Mode & (bit << 6)) != 0,
        };
    }

    private static PrivilegeNeed? OfPort(GeneralAccess access) =>
        access.Operation == Operation.Bind && ProfileEndpoints.Read(access) is { Port: > 0 and < 1024 } endpoint
            ? new PrivilegeNeed([access], $"ports below 1024 are root's ({endpoint.Port})",
                [
                    new PrivilegeWay(PrivilegeWayKind.Setting, "another port, or a socket that systemd hands over"),
                    new PrivilegeWay(PrivilegeWayKind.Capability, "CAP_NET_BIND_SERVICE", "every port below 1024"),
                ])
            { Capability = "CAP_NET_BIND_SERVICE" }
            : null;

    private static PrivilegeNeed? OfCall(GeneralAccess access) => CallCapabilities.Find(access) is { } capability
        ? CapabilityNeed(access, capability, $"the kernel asks for {capability}", CallCapabilities.Cost(capability))
        : null;

    private static PrivilegeNeed CapabilityNeed(GeneralAccess access, string capability, string why, string cost)
    {
        List<PrivilegeWay> ways = [new PrivilegeWay(PrivilegeWayKind.Capability, capability, cost)];
        return new PrivilegeNeed([access], why, ways) { Capability = capability };
    }

    /// <summary>Where one command with fixed arguments did it, that command alone can run as root.</summary>
    private static void AddHelper(List<GeneralAccess> accesses, List<PrivilegeWay> ways)
    {
        HashSet<string> commands = new(StringComparer.Ordinal);
        foreach (SeenAccess seen in accesses.SelectMany(access => access.Members))
        {
            // The first process is the whole command, not a helper of it, and neither is what it forked.
            if (!IsWhole(seen.Access.Chain) && seen.Access.Chain[0].Program.StartsWith('/') && seen.Access.Chain[0].Arguments.Count > 0)
            {
                commands.Add($"{AccessText.Program(seen.Access.Chain[0])}  ({AccessText.Arguments(seen.Access.Chain[0].Arguments)})");
            }
            else
            {
                return;
            }
        }

        if (commands.Count == 1)
        {
            ways.Add(new PrivilegeWay(PrivilegeWayKind.HelperCommand, commands.First(), "what else the helper can do as root"));
        }
    }

    private static bool IsWhole(IReadOnlyList<ProcessIdentity> chain) => chain.Count == 1
        || (chain[0].Program == chain[^1].Program && chain[0].Arguments.IsSameAs(chain[^1].Arguments));

    private static PrivilegeWay Loss(List<GeneralAccess> accesses)
    {
        List<string> programs =
            [.. accesses.SelectMany(access => access.Members).Select(seen => AccessText.ShortProgram(seen.Access.Chain[0])).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        string who = programs.Count == 0 ? "the command" : string.Join(", ", programs.Take(3)) + (programs.Count > 3 ? ", …" : "");
        return new PrivilegeWay(PrivilegeWayKind.LeaveOut, $"{who} cannot {AccessText.Of(accesses[0])}{(accesses.Count > 1 ? $", nor {accesses.Count - 1} more" : "")}");
    }

    private static string Quoted(string path) => Policy.Evaluation.ShellQuote.Quote(AccessText.Name(path, 4096));
}
