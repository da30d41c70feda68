using System.Diagnostics;
using System.Globalization;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Cells.Freezing;

/// <summary>Stops everything in a cell and lets it go on again, by ptrace(2): it needs no control group, so it works for
/// every user, and neither the cell's job control nor the parents of its processes notice. For one thread, which is the
/// tracer; with its end everything that is frozen is killed.</summary>
/// <param name="init">Process 1 of the cell, as this process numbers it; it is ours and goes on.</param>
internal sealed class CellFreezer(int init)
{
    /// <summary>A thread that is asked to stop does so when it next leaves the kernel; this is for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, Held> _held = [];
    private bool _leaving;

    /// <summary>Whether all of the cell is stopped.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether there is something to look after with <see cref="Tend"/>.</summary>
    public bool IsBusy => _held.Count > 0;

    /// <summary>Stops the cell. When this returns true no thread of it executes an instruction of its program before
    /// <see cref="Thaw"/>: each has reported its stop, or waits in the kernel, in no call that moves bytes, and stops before it is
    /// back.</summary>
    /// <param name="problem">Why not; the cell goes on then.</param>
    public bool TryFreeze(out string problem)
    {
        _leaving = false;
        problem = "";
        long end = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);

        // What runs may start more until it stops. Twice, because a process can slip past one look at /proc.
        for (int quiet = 0; quiet < 2;)
        {
            bool known = TrySeizeAll(out bool any, out problem);
            bool still = AreStopped();
            quiet = known && still && !any ? quiet + 1 : 0;
            if (quiet < 2 && Stopwatch.GetTimestamp() > end)
            {
                problem = known ? string.Create(CultureInfo.InvariantCulture, $"process {Running()} does not stop") : problem;
                Thaw();
                return false;
            }

            if (quiet == 0)
            {
                Thread.Sleep(1);
            }
        }

        IsFrozen = true;
        return true;
    }

    /// <summary>Lets everything go on. What waits in the kernel is let go by <see cref="Tend"/> when it comes back.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        _leaving = true;
        Tend();
    }

    /// <summary>Takes note of what stopped or ended meanwhile. To be called often while <see cref="IsBusy"/>: the end of a
    /// frozen process is complete only when its tracer has seen it.</summary>
    public void Tend()
    {
        foreach ((int thread, Held held) in _held.ToArray())
        {
            Held now = held;
            if (!Look(thread, ref now))
            {
                _held.Remove(thread);
            }
            else if (_leaving && now.IsStopped)
            {
                // ESRCH: killed this moment, and seen by the next look.
                if (Ptrace.Detach(thread, now.Signal).Succeeded)
                {
                    _held.Remove(thread);
                }
            }
        }
    }

    private bool TrySeizeAll(out bool any, out string problem)
    {
        any = false;
        CellTasks.TryFind(init, out IReadOnlyList<int> processes, out problem);
        foreach (int process in processes)
        {
            foreach (int thread in CellTasks.ThreadsOf(process))
            {
                if (_held.ContainsKey(thread))
                {
                    continue;
                }

                LinuxResult seized = Ptrace.Seize(thread, PTRACE_O.EXITKILL);
                seized = seized.Failed ? seized : Ptrace.Interrupt(thread);
                if (seized.Succeeded)
                {
                    _held[thread] = default;
                    any = true;
                }
                else if (CellTasks.StateOf(thread) is not (null or 'Z' or 'X'))
                {
                    problem = string.Create(CultureInfo.InvariantCulture, $"process {thread} cannot be stopped: {seized}");
                }
            }
        }

        return problem.Length == 0;
    }

    private bool AreStopped()
    {
        bool all = true;
        foreach ((int thread, Held held) in _held.ToArray())
        {
            Held now = held;
            if (!Look(thread, ref now))
            {
                _held.Remove(thread);
                continue;
            }

            // Waiting where no signal but the last one reaches it, such as for our own answer: it stops on its way back.
            all &= now.IsStopped || CellTasks.StateOf(thread) is 'Z' or 'X' or null
                || (CellTasks.StateOf(thread) is 'D' && !CellTasks.IsMovingBytes(thread));
        }

        return all;
    }

    /// <returns>False when the thread is gone.</returns>
    private bool Look(int thread, ref Held held)
    {
        LinuxResult looked = Ptrace.Look(thread, out WaitStatus status);
        if (looked.Error is Errno.ECHILD || (looked is { Succeeded: true, Value: > 0 } && (status.IsExited || status.IsKilled)))
        {
            return false;
        }

        if (looked is { Succeeded: true, Value: > 0 })
        {
            // A signal that was on its way is delivered when the thread goes on.
            held = new Held(IsStopped: true, status.Event == PTRACE_EVENT.None ? status.StopSignal : 0);
            _held[thread] = held;
        }

        return true;
    }

    private int Running()
    {
        foreach ((int thread, Held held) in _held)
        {
            if (!held.IsStopped)
            {
                return thread;
            }
        }

        return init;
    }

    [global::System.Runtime.InteropServices.StructLayout(global::System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Held(bool IsStopped, int Signal);
}
