using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Hosting;

/// <summary>Finds out what this host gives a cell, by using each feature once. Takes some milliseconds, so it is asked
/// by <c>doctor</c> and with <c>--allow-degraded</c> only.</summary>
/// <param name="identity">Who the cell's processes would be.</param>
/// <param name="storage">The directory for sessions; must exist.</param>
public sealed class HostProbe(CellIdentity identity, string storage)
{
    private const int LANDLOCK_CREATE_RULESET_VERSION = 1;
    private const CloneFlags User = CloneFlags.NEWUSER;
    private const CloneFlags UserAndMounts = CloneFlags.NEWUSER | CloneFlags.NEWNS;

    /// <summary>Every feature. Where user namespaces are missing, those that need them are missing too.</summary>
    public IReadOnlyList<HostFinding> All() =>
        Array.ConvertAll(Enum.GetValues<HostFeature>(), Find);

    /// <summary>One feature.</summary>
    public HostFinding Find(HostFeature feature) => feature switch
    {
        HostFeature.UserNamespaces => Probe(feature, User, _ => { }, "clone3(CLONE_NEWUSER)", ignoreMapping: true),
        HostFeature.UserMapping => Probe(feature, User, _ => { }, "uid_map and gid_map"),
        HostFeature.OtherNamespaces => Probe(
            feature,
            UserAndMounts | CloneFlags.NEWPID | CloneFlags.NEWIPC | CloneFlags.NEWNET | CloneFlags.NEWUTS,
            _ => { },
            "mount, pid, ipc, net and uts namespaces"),
        HostFeature.Mounts => Probe(feature, UserAndMounts, AddMounts, "tmpfs, bind mounts, mount_setattr"),
        HostFeature.FreshProc => Probe(
            feature,
            UserAndMounts | CloneFlags.NEWPID,
            script =>
            {
                AddPrivate(script);
                script.Add("a new proc", SystemCall.mount, "proc", "/proc", "proc", 0, Null);
            },
            "mount proc"),
        HostFeature.Overlay => Overlay(),
        HostFeature.Landlock => Landlock(),
        HostFeature.SystemCallFilter => Filter(SeccompFeatures.Probe().Level),
        HostFeature.KillableNotification => Killable(SeccompFeatures.Probe().Level),
        HostFeature.OwnClocks => Probe(
            feature, User, script => AddUnshare(script, CloneFlags.NEWTIME, "CLONE_NEWTIME"), "time namespace"),
        HostFeature.OwnControlGroups => Probe(
            feature, User, script => AddUnshare(script, CloneFlags.NEWCGROUP, "CLONE_NEWCGROUP"), "cgroup namespace"),
        HostFeature.DescriptorTransfer => DescriptorTransfer(),
        HostFeature.NetworkIdentity => NetworkIdentity(),
        _ => Probe(feature, User | CloneFlags.NEWNET, AddLoopback, "loopback with IPv4"),
    };

    /// <summary>The Landlock version of the kernel; 0 where there is none, landlock_create_ruleset(2).</summary>
    public static int LandlockVersion(out LinuxResult asked)
    {
        asked = DirectCall.Run(SystemCall.landlock_create_ruleset, Null, 0, LANDLOCK_CREATE_RULESET_VERSION);
        return asked.Succeeded ? (int)asked.Value : 0;
    }

    private HostFinding Probe(
        HostFeature feature, CloneFlags namespaces, Action<LaunchScript> steps, string detail, bool ignoreMapping = false)
    {
        LinuxResult result = FeatureProbe.Run(namespaces, identity, steps);
        bool there = result.Succeeded || (ignoreMapping && result.Call is not SystemCall.clone3);
        return new HostFinding(feature, there, there ? detail : result.ToString());
    }

    private HostFinding Overlay()
    {
        string directory = $"{storage}/probe-{Guid.NewGuid():N}";
        Directory.CreateDirectory($"{directory}/lower");
        Directory.CreateDirectory($"{directory}/upper");
        Directory.CreateDirectory($"{directory}/work");
        try
        {
            LinuxResult planted = Files.MakeWhiteout(SessionPath.Root, $"{directory}/upper/gone");
            if (planted.Failed)
            {
                return new HostFinding(HostFeature.Overlay, IsThere: false, $"white-out: {planted}");
            }

            return Probe(
                HostFeature.Overlay,
                UserAndMounts,
                script =>
                {
                    AddPrivate(script);
                    script.Add(
                        "an overlay", SystemCall.mount, "overlay", $"{directory}/lower", "overlay", 0,
                        $"lowerdir={directory}/lower,upperdir={directory}/upper,workdir={directory}/work,userxattr");
                    script.Add("write through it", SystemCall.mkdir, $"{directory}/lower/made", 0x1c0);

                    // Removing a directory of the upper makes overlayfs use what it needs of extended attributes.
                    script.Add("and remove", SystemCall.rmdir, $"{directory}/lower/made");
                },
                $"overlay with userxattr in {storage}");
        }
        finally
        {
            TemporaryTree.Remove(directory);
        }
    }

    private static HostFinding Landlock()
    {
        int version = LandlockVersion(out LinuxResult asked);
        return new HostFinding(
            HostFeature.Landlock,
            version >= HostConcessions.FullLandlock,
            asked.Failed ? asked.ToString() : $"Landlock version {version}");
    }

    private static HostFinding Filter(SeccompLevel level) =>
        new(HostFeature.SystemCallFilter, level >= SeccompLevel.Notify, $"seccomp level {level}");

    private static HostFinding Killable(SeccompLevel level) =>
        new(HostFeature.KillableNotification, level >= SeccompLevel.NotifyKillable, $"seccomp level {level}");

    private static HostFinding DescriptorTransfer()
    {
        LinuxResult result = PidFd.OpenThread(Environment.ProcessId, out PidFd self);
        using (self)
        {
            if (result.Succeeded)
            {
                result = self.GetDescriptor(self.Number, out Descriptor copy);
                copy.Dispose();
            }

            return new HostFinding(
                HostFeature.DescriptorTransfer, result.Succeeded, result.Failed ? result.ToString() : "pidfd_getfd");
        }
    }

    private static HostFinding NetworkIdentity()
    {
        LinuxResult made = Sockets.Create(1, 1, 0, out Descriptor socket);
        using (socket)
        {
            LinuxResult asked = made.Failed ? made : Sockets.GetOption(
                socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_NETNS_COOKIE, out ulong _);
            return new HostFinding(
                HostFeature.NetworkIdentity, asked.Succeeded, asked.Failed ? asked.ToString() : "SO_NETNS_COOKIE");
        }
    }

    private static void AddPrivate(LaunchScript script) => script.Add(
        "nothing leaves", SystemCall.mount, "none", "/", Null,
        Named((long)(MountFlags.REC | MountFlags.PRIVATE), "MS_REC|MS_PRIVATE"), Null);

    private static void AddMounts(LaunchScript script)
    {
        AddPrivate(script);
        script.Add(
            "the host once more", SystemCall.mount, "/", "/proc", Null,
            Named((long)(MountFlags.BIND | MountFlags.REC), "MS_BIND|MS_REC"), Null);
        byte[] attributes = new byte[32];
        attributes[0] = (byte)MountAttributes.RDONLY;
        script.Add(
            "read-only", SystemCall.mount_setattr, Named(-100, "AT_FDCWD"), "/proc", Named(0x8000, "AT_RECURSIVE"),
            new Block(attributes, [], "{set RDONLY}"), attributes.Length);
        script.Add("memory", SystemCall.mount, "tmpfs", "/proc/tmp", "tmpfs", 0, "size=4k");
        script.Add("terminals", SystemCall.mount, "devpts", "/proc/tmp", "devpts", 0, "newinstance,ptmxmode=0666");
        script.Add("into it", SystemCall.chdir, "/proc");
        script.Add("as the root", SystemCall.pivot_root, ".", ".");
    }

    private static void AddUnshare(LaunchScript script, CloneFlags flags, string display) =>
        script.Add("of its own", SystemCall.unshare, Named((long)flags, display));

    private static void AddLoopback(LaunchScript script)
    {
        LaunchSlot control = script.Get("net", "a socket", SystemCall.socket, 2, Named(0x80002, "SOCK_DGRAM"), 0);
        byte[] request = new byte[40];
        "lo"u8.CopyTo(request);
        request[16] = 0x41;
        script.Add(
            "loopback up", SystemCall.ioctl, control, Named(0x8914, "SIOCSIFFLAGS"),
            new Block(request, [], "{lo, IFF_UP|IFF_RUNNING}"));
    }
}
