using System.Globalization;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>Finds what a security department asks about first.</summary>
internal sealed class Surprises
{
    private readonly List<Surprise> _found = [];
    private readonly AccessProfile _profile;
    private readonly Sensitivity _sensitivity;

    private readonly IReadOnlyList<GeneralAccess> _touched;

    private Surprises(AccessProfile profile, Sensitivity sensitivity, IReadOnlyList<GeneralAccess> touched) =>
        (_profile, _sensitivity, _touched) = (profile, sensitivity, touched);

    /// <summary>The heaviest first.</summary>
    /// <param name="touched">What was done to each path.</param>
    public static IReadOnlyList<Surprise> Of(AccessProfile profile, Sensitivity sensitivity, IReadOnlyList<GeneralAccess> touched)
    {
        Surprises surprises = new(profile, sensitivity, touched);
        surprises.Files();
        surprises.Network();
        surprises.Privileges();
        return [.. surprises._found.OrderByDescending(surprise => surprise.Weight)];
    }

    private void Files()
    {
        List<GeneralAccess> granted = [.. _touched.Where(access => access.Outcome.IsGranted && access.Target.StartsWith('/'))];
        HashSet<string> changed = [.. granted.Where(IsChange).Where(access => !access.IsPattern).Select(access => access.Target)];
        Add(3, "read credentials", granted.Where(access => access.Operation == Operation.Read && _sensitivity.Of(access.Target) == "credentials"));
        Add(3, "changed credentials", granted.Where(access => IsChange(access) && _sensitivity.Of(access.Target) == "credentials"));
        Add(3, "talked to a service that acts with more rights", granted.Where(IsDelegation));
        Add(3, "changed places from which the host runs something", granted.Where(access => IsChange(access) && IsRunByHost(access.Target)));
        Add(3, "executed what it had written itself", granted.Where(access => access.Operation == Operation.Execute && changed.Contains(access.Target)));
        Add(3, "executed programs from directories that everybody can write", granted.Where(access => access.Operation == Operation.Execute && IsTemporary(access.Target)));
        Add(2, "opened the kernel's or the host's devices", granted.Where(access =>
            access.Operation is Operation.Read or Operation.Write && _sensitivity.Of(access.Target) == "kernel and devices" && !access.Target.StartsWith("/sys/", StringComparison.Ordinal)
            && !access.Target.StartsWith("/proc/sys/", StringComparison.Ordinal)));
        Add(2, "changed settings of the kernel", granted.Where(access => access.Operation == Operation.Write
            && (access.Target.StartsWith("/proc/sys/", StringComparison.Ordinal) || access.Target.StartsWith("/sys/", StringComparison.Ordinal))));
        Add(2, "changed configuration or service files", granted.Where(access => IsChange(access) && _sensitivity.Of(access.Target) is "configuration" or "accounts" or "package database"));
        Add(2, "read memory or environments of other processes", granted.Where(access => access.Operation == Operation.Read
            && access.Target.StartsWith("/proc/*", StringComparison.Ordinal) && (access.Target.EndsWith("/mem", StringComparison.Ordinal) || access.Target.EndsWith("/environ", StringComparison.Ordinal))));
        Add(1, "read what people have in their homes", granted.Where(access => access.Operation == Operation.Read && _sensitivity.Of(access.Target) == "other people's homes"));
        Add(1, "was denied credentials", _profile.Denied.Where(access => _sensitivity.Of(access.Target) == "credentials"));
    }

    private void Network()
    {
        Add(2, "connected to other hosts", _profile.Connects.Where(endpoint => !endpoint.IsLoopback && endpoint.Port != 53).Select(endpoint => endpoint.Evidence));
        Add(1, "asked for names of hosts (DNS)", _profile.Connects.Where(endpoint => endpoint.Port == 53).Select(endpoint => endpoint.Evidence));
        Add(2, "listened for other hosts", _profile.Listens.Where(endpoint => !endpoint.IsLoopback).Select(endpoint => endpoint.Evidence));
        Add(3, "opened sockets that see or forge packets", _profile.Others.Where(access => access.Kind == ObjectKind.OtherSocket
            && (access.Target.StartsWith("packet", StringComparison.Ordinal) || access.Target.StartsWith("raw", StringComparison.Ordinal))));
    }

    private void Privileges()
    {
        Add(3, "loaded code into the kernel", _profile.Others.Where(access => access.Operation == Operation.LoadCode));
        Add(3, "traced other processes", _profile.Others.Where(access => access.Operation == Operation.Trace));
        Add(2, "became another user or group", _profile.Others.Where(access => access.Operation == Operation.ChangeIdentity && access.Kind == ObjectKind.Identity));
        Add(2, "used system calls that matter by themselves", _profile.Others.Where(access => access.Operation == Operation.SystemCall));
        foreach (CoverageReason reason in _profile.Result.Coverage.Reasons)
        {
            if (reason.Problem is CoverageProblem.TracerAware or CoverageProblem.IoUring or CoverageProblem.UntracedClone
                or CoverageProblem.OwnListener)
            {
                _found.Add(new Surprise(2, $"hides from recordings: {SafeText.Message(reason.Text)}", []));
            }
        }
    }

    internal static bool IsDelegation(GeneralAccess access) =>
        access.Operation is Operation.Connect or Operation.Send && DelegationOf(access.Target) is not null;

    /// <summary>Why talking to a socket lets somebody else act; null where it does not.</summary>
    internal static string? DelegationOf(string target) => EscapeRights.Find(target) is { Kind: EscapeKind.Socket } right ? right.How
        : target.StartsWith("/tmp/ssh-", StringComparison.Ordinal) || target.Contains("/S.gpg-agent", StringComparison.Ordinal)
            || target.Contains("/.ssh/agent/", StringComparison.Ordinal) ? "an agent signs and decrypts with the user's keys"
        : target.StartsWith("@/tmp/dbus-", StringComparison.Ordinal) || target.StartsWith("/tmp/dbus-", StringComparison.Ordinal) ? "services on the bus act with their own rights"
        : target.StartsWith("@/tmp/.X11-unix/", StringComparison.Ordinal) ? "the display shows and takes the input of other programs"
        : null;

    internal static bool IsChange(GeneralAccess access) => access.Operation
        is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename or Operation.ChangeAttributes;

    private static bool IsRunByHost(string path) => EscapeRights.Find(path) is { Kind: EscapeKind.DirectWrite, Path: not ("/dev" or "/proc" or "/sys") };

    private static bool IsTemporary(string path) =>
        path.StartsWith("/tmp/", StringComparison.Ordinal) || path.StartsWith("/var/tmp/", StringComparison.Ordinal) || path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private void Add(int weight, string text, IEnumerable<GeneralAccess> accesses)
    {
        List<GeneralAccess> all = [.. accesses];
        if (all.Count > 0)
        {
            _found.Add(new Surprise(weight, string.Create(CultureInfo.InvariantCulture, $"{text} ({all.Count:N0})"), all));
        }
    }
}
