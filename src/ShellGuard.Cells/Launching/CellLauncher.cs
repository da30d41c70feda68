using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Supervision;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Launching;

/// <summary>Starts a cell from its plan.</summary>
public static class CellLauncher
{
    private const int SOCK_SEQPACKET = 5;
    private const int MostDescriptors = 4;

    /// <summary>Creates the cell and returns when its command runs. The calling thread must live as long as the
    /// cell: the kernel ends the cell when that thread ends, prctl(2) PR_SET_PDEATHSIG.</summary>
    /// <param name="plan">The cell.</param>
    /// <param name="second">Makes the handshake with the cell.</param>
    /// <param name="limit">Called with process 1's number while it waits, before anything runs in it: puts it under
    /// its limits.</param>
    /// <param name="supervise">Called with what the cell handed over, before the command exists; must start to answer
    /// trapped calls. Returning an error refuses the launch.</param>
    /// <param name="standard">What the command gets instead of the supervisor's own standard descriptors, by number; stays
    /// the caller's.</param>
    /// <param name="jobs">The cell's end of the socket over which jobs come; for a plan without a command.</param>
    /// <exception cref="LaunchException">The cell could not be made; nothing of it is left.</exception>
    public static ChildProcess Start(
        CellPlan plan,
        SecondThread second,
        Func<int, LinuxResult> limit,
        Func<CellDescriptors, LinuxResult> supervise,
        Descriptor? jobs = null,
        IReadOnlyDictionary<int, Descriptor>? standard = null)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        using Descriptor supervisorEnd = ours;
        using Descriptor cellEnd = theirs;
        ReadOnlySpan<byte> program = plan.Command is null ? PorterProgram.Bytes : InitProgram.Bytes;
        MemoryFiles.CreateProgram("shellguard-init", program, out Descriptor init).OrThrow();
        using Descriptor initProgram = init;
        DescriptorIo.Pipe(out Descriptor stops, out Descriptor reports).OrThrow();
        using Descriptor stopReports = reports;
        DescriptorIo.SetNonBlocking(stopReports).OrThrow();
        DescriptorIo.SetNonBlocking(stops).OrThrow();

        LaunchScript script = LaunchBuilder.Build(
            plan, new LaunchDescriptors(cellEnd.Number, initProgram.Number, stopReports.Number, jobs?.Number ?? -1)
            {
                Standard = standard?.ToDictionary(item => item.Key, item => item.Value.Number) ?? [],
            });
        using Launcher launcher = new(script);
        Task<LinuxResult> partner = second.Begin(() =>
        {
            try
            {
                return Answer(plan, launcher, supervisorEnd, stops, limit, supervise);
            }
            catch
            {
                // The cell waits for an answer, and this thread's caller for the cell.
                Sockets.Shutdown(supervisorEnd, 2);
                throw;
            }
        });
        LaunchOutcome outcome = launcher.Run();

        // The cell's end is open in this process too: only closing it lets the partner see that the cell is gone.
        Sockets.Shutdown(cellEnd, 2);
        bool runs = false;
        try
        {
            LinuxResult handshake = partner.GetAwaiter().GetResult();
            GC.KeepAlive(cellEnd);
            GC.KeepAlive(initProgram);
            GC.KeepAlive(stopReports);
            GC.KeepAlive(jobs);
            GC.KeepAlive(standard);
            runs = outcome.Succeeded && handshake.Succeeded;
            return runs ? outcome.Process! : throw new LaunchException(outcome, handshake);
        }
        finally
        {
            if (!runs)
            {
                stops.Dispose();
                if (outcome.Process is { } process)
                {
                    process.Kill();
                    process.Wait(out _);
                    process.Dispose();
                }
            }
        }
    }

    private static LinuxResult Answer(
        CellPlan plan,
        Launcher launcher,
        Descriptor socket,
        Descriptor stops,
        Func<int, LinuxResult> limit,
        Func<CellDescriptors, LinuxResult> supervise)
    {
        Span<byte> data = stackalloc byte[1];
        LinuxResult result = Sockets.ReceiveDescriptors(socket, data, 0, out _);
        if (result.Failed || result.Value != 1)
        {
            return Gone(result);
        }

        result = UserMapping.Write(launcher.Pid, plan.Identity, plan.Apart);
        result = result.Failed ? result : limit(launcher.Pid);
        if (result.Failed)
        {
            Sockets.Shutdown(socket, 2);
            return result;
        }

        result = Sockets.SendDescriptors(socket, "1"u8);
        result = result.Failed ? result : Sockets.ReceiveDescriptors(socket, data, MostDescriptors, out Descriptor[] received)
            is var receipt && receipt.Succeeded && received.Length >= 3
            ? CloseTables(plan, launcher.Pid) is { Failed: true } open ? open : supervise(new CellDescriptors(
                new NotifyFd(Take(received[0])), received[1], received[2], received.Length > 3 ? received[3] : null,
                stops))
            : Gone(receipt);
        if (result.Failed)
        {
            Sockets.Shutdown(socket, 2);
            return result;
        }

        return Sockets.SendDescriptors(socket, "2"u8);
    }

    private static LinuxResult CloseTables(CellPlan plan, int pid) => plan.Apart ? NetworkTables.Close(pid, plan.Identity) : default;

    private static int Take(Descriptor descriptor)
    {
        int number = descriptor.Number;
        descriptor.SetHandleAsInvalid();
        return number;
    }

    private static LinuxResult Gone(LinuxResult result) =>
        result.Failed ? result : result with { Error = Errno.ESRCH, Subject = "launch handshake" };
}
