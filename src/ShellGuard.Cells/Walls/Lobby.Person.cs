using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ShellGuard.Cells.Freezing;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using ShellGuard.Journal.Explanations;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <content>What the person at the terminal does while a side has it, and what is told to that person and to nobody in the
/// lobby.</content>
internal sealed partial class Lobby
{
    /// <summary>How long after Ctrl-C a failure is one of the interruption. It tells nothing that the status and the time of
    /// the end do not tell.</summary>
    private static readonly TimeSpan EndsByInterrupt = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<int> _interrupts = new();

    /// <summary>The person typed what interrupts the side in front. Any thread.</summary>
    private void Interrupted(int signal)
    {
        _interrupts.Enqueue(signal);
        _wake.Signal();
    }

    /// <summary>On one terminal the whole pipeline would have got the signal: so the lobby's part of it gets it, too.</summary>
    private void HearKeyboard()
    {
        while (_interrupts.TryDequeue(out int signal))
        {
            if (_front is { } front)
            {
                front.Interrupted = (Stopwatch.GetTimestamp(), (byte)signal);
                SignalOthers(front.Stages[0].ProcessGroup, signal);
            }
        }
    }

    /// <summary>Signals the processes of the lobby in a job, but not the stubs that stand for what runs elsewhere: they end
    /// with that.</summary>
    private void SignalOthers(int group, int signal)
    {
        HashSet<int> stubs =
        [
            .. _jobs.SelectMany(job => job.Stages).Concat(_gates.Select(gate => gate.Stage.Request))
                .Where(stage => stage.Stub is not null).Select(stage => stage.Process),
        ];

        // Whoever cannot be found has ended, or is not reached, as by a Ctrl-C that came a moment earlier.
        CellTasks.TryFind(_init, out IReadOnlyList<int> processes, out _);
        foreach (int process in processes)
        {
            if (stubs.Contains(process) || PidFd.OpenProcess(process, out PidFd opened).Failed)
            {
                continue;
            }

            using (opened)
            {
                if (Processes.GroupOf(process) == group)
                {
                    opened.Signal(signal);
                }
            }
        }
    }

    /// <summary>What a stub is told of the end of its command: one bit, and nothing in strict mode.</summary>
    private byte[] EndOf(LobbyJob job, int status)
    {
        byte bit = StatusFor(status);
        return job.Interrupted is { } last && Stopwatch.GetElapsedTime(last.When) < EndsByInterrupt && (bit != 0 || _walls.Flow.Strict)
            ? [(byte)'K', last.Signal]
            : [(byte)'E', bit];
    }

    /// <summary>Carries out <c>shellguard why [N]</c>: the person reads it, and nothing in the lobby does. Whether there is such
    /// a denial is not told either: how many there are is a side's to know.</summary>
    private bool TryExplain(IReadOnlyList<LobbyRequest> pipeline)
    {
        long number = 0;
        if (pipeline is not [{ Name: "shellguard" } request] || request.Arguments is not ([_, "why"] or [_, "why", _])
            || !_session.Terminal.HasTerminal || request.Files[1].Kind is not LobbyFileKind.Person
            || (request.Arguments.Count > 2
                && !long.TryParse(request.Arguments[2], NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            return false;
        }

        foreach (string line in Explanation(number))
        {
            _session.Terminal.Notices.Say(line);
        }

        Answer(request, 0);
        request.Dispose();
        return true;
    }

    /// <param name="number">0 for the latest denial.</param>
    private string[] Explanation(long number)
    {
        if (!JournalReader.TryOpen(SessionFiles.Journal(_session.Directory), out JournalReader? reader, out string? error))
        {
            return [error];
        }

        using (reader)
        {
            JournalLine? denial = reader.Read()
                .LastOrDefault(line => line.Denial > 0 && (number == 0 || line.Denial == number));
            return denial is null
                ? [number == 0 ? "nothing was denied in this session" : $"there is no denial {number} in this session"]
                : Why.All([denial]).First().Render().TrimEnd('\n').Split('\n');
        }
    }
}
