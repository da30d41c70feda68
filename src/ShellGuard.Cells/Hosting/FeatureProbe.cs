using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Hosting;

/// <summary>Tries a few system calls in a process with namespaces of its own that ends at once.</summary>
internal static class FeatureProbe
{
    private const int SOCK_SEQPACKET = 5;

    /// <summary>Runs the steps after the user mapping.</summary>
    /// <returns>Success, or the first call that failed.</returns>
    public static LinuxResult Run(CloneFlags namespaces, CellIdentity identity, Action<LaunchScript> steps)
    {
        LinuxResult paired = Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs);
        using Descriptor supervisorEnd = ours;
        using Descriptor probeEnd = theirs;
        if (paired.Failed)
        {
            return paired;
        }

        LaunchScript script = new() { Namespaces = namespaces };
        script.Add("the namespaces exist", SystemCall.write, probeEnd.Number, "N", 1);
        script.Expect(
            1, "wait for the user mapping", SystemCall.read, probeEnd.Number, new Block(new byte[8], [], "buffer"), 1);
        steps(script);

        using Launcher launcher = new(script);
        LinuxResult mapped = default;
        Thread partner = new(() => mapped = Map(supervisorEnd, launcher, identity)) { IsBackground = true };
        partner.Start();
        LaunchOutcome outcome = launcher.Run();
        Sockets.Shutdown(probeEnd, 2);
        partner.Join();
        GC.KeepAlive(probeEnd);
        if (outcome.Process is not { } process)
        {
            return new LinuxResult(-1, outcome.Error, SystemCall.clone3);
        }

        process.Wait(out _);
        process.Dispose();
        return mapped.Failed
            ? mapped
            : outcome.FailedStep is { } step
                ? new LinuxResult(-1, outcome.Error, step.Call, step.Purpose)
                : default;
    }

    private static LinuxResult Map(Descriptor socket, Launcher launcher, CellIdentity identity)
    {
        Span<byte> data = stackalloc byte[1];
        LinuxResult begun = Sockets.ReceiveDescriptors(socket, data, 0, out _);
        if (begun.Failed || begun.Value != 1)
        {
            return begun;
        }

        LinuxResult mapped = UserMapping.Write(launcher.Pid, identity, apart: false);
        if (mapped.Failed)
        {
            Sockets.Shutdown(socket, 2);
            return mapped;
        }

        Sockets.SendDescriptors(socket, "1"u8);
        return mapped;
    }
}
