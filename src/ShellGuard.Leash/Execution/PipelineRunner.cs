using System.Diagnostics;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Execution;

/// <summary>Starts the stages of a pipeline and waits for all of them. To be used by one thread, which must live as long as
/// the pipelines: the kernel ends them with it.</summary>
/// <param name="terminal">The terminal that a pipeline gets while it runs; null where there is none to give.</param>
public sealed class PipelineRunner(Descriptor? terminal)
{
    private const int StandardIn = 0;
    private const int StandardOut = 1;

    /// <summary>Runs it.</summary>
    /// <param name="pipeline">Stays the caller's.</param>
    /// <param name="environment">As <c>NAME=VALUE</c>.</param>
    /// <param name="running">Told about the process group.</param>
    /// <param name="timeout">After this time it is ended; null for never.</param>
    public PipelineResult Run(
        PreparedPipeline pipeline, IReadOnlyList<string> environment, RunningPipeline running, TimeSpan? timeout)
    {
        long start = Stopwatch.GetTimestamp();
        TerminalAttributes attributes = default;
        bool givesTerminal = terminal is not null && Terminal.IsInFront(terminal)
            && Terminal.GetAttributes(terminal, out attributes).Succeeded;
        List<ChildProcess> processes = [];
        Refusal? refusal = null;
        List<StageResult> results = [];
        try
        {
            Descriptor? report = null;
            refusal = pipeline.Cell is null
                ? Start(pipeline, environment, running, timeout, givesTerminal, processes)
                : StartInCell(pipeline, environment, running, timeout, givesTerminal, processes, out report);
            if (refusal is not null)
            {
                running.Abort();
            }

            Wait(processes, running, results);
            using (report)
            {
                // Where the cell could not be made there is only the status of the process that was to make it.
                results = report is not null && CellHandOver.Read(report, pipeline.Stages.Count) is { } stages
                    ? [.. stages]
                    : results;
            }
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
            if (givesTerminal)
            {
                Terminal.SetForeground(terminal!, Processes.OwnProcessGroup);
                Terminal.SetAttributes(terminal!, attributes);
            }
        }

        int status = refusal?.Status
            ?? (running.Ended is null ? PipelineResult.StatusOf(results, pipeline.Entry.PipeFail) : EndedStatus(results));
        return new PipelineResult(status, results, Stopwatch.GetElapsedTime(start), refusal, running.Ended);
    }

    private Refusal? Start(
        PreparedPipeline pipeline,
        IReadOnlyList<string> environment,
        RunningPipeline running,
        TimeSpan? timeout,
        bool givesTerminal,
        List<ChildProcess> processes)
    {
        Descriptor? input = null;
        try
        {
            if (pipeline.Entry.Input == StandardInput.Null)
            {
                LinuxResult opened = Files.Open("/dev/null", OpenFlags.RDONLY | OpenFlags.CLOEXEC, out input);
                if (opened.Failed)
                {
                    return NotHeld("standard input", opened.ToString());
                }
            }

            for (int i = 0; i < pipeline.Stages.Count; i++)
            {
                Descriptor? next = null;
                Descriptor? output = null;
                bool last = i == pipeline.Stages.Count - 1;
                if (!last)
                {
                    LinuxResult piped = DescriptorIo.Pipe(out next, out output);
                    if (piped.Failed)
                    {
                        return NotHeld("a pipe", piped.ToString());
                    }
                }

                using (output)
                {
                    Refusal? refusal = Launch(
                        new StageLaunch(
                            pipeline, pipeline.Stages[i], environment, input?.Number ?? StandardIn,
                            output?.Number ?? StandardOut, i == 0 ? 0 : processes[0].Pid,
                            givesTerminal ? terminal!.Number : null),
                        processes);
                    if (i == 0 && processes is [{ } leader])
                    {
                        running.Start(leader.Pid, timeout);
                    }

                    input?.Dispose();
                    input = next;
                    if (refusal is not null)
                    {
                        return refusal;
                    }
                }
            }

            return null;
        }
        finally
        {
            input?.Dispose();
        }
    }

    /// <summary>One process makes the cell, and everything of the pipeline runs in that.</summary>
    /// <param name="report">How its stages ended, once they have.</param>
    private Refusal? StartInCell(
        PreparedPipeline pipeline,
        IReadOnlyList<string> environment,
        RunningPipeline running,
        TimeSpan? timeout,
        bool givesTerminal,
        List<ChildProcess> processes,
        out Descriptor report)
    {
        LinuxResult piped = DescriptorIo.Pipe(out report, out Descriptor back);
        using Descriptor write = back;
        Descriptor? input = null;
        LinuxResult opened = piped.Failed || pipeline.Entry.Input != StandardInput.Null
            ? piped
            : Files.Open("/dev/null", OpenFlags.RDONLY | OpenFlags.CLOEXEC, out input);
        using (input)
        {
            if (opened.Failed)
            {
                return NotHeld("a cell", opened.ToString());
            }

            CellLaunch launch = new(
                pipeline, environment, input?.Number ?? StandardIn, write, givesTerminal ? terminal!.Number : null);
            Refusal? refusal = Launch(launch.Build(), "the cell", processes);
            GC.KeepAlive(launch);
            if (processes is [{ } leader])
            {
                running.Start(leader.Pid, timeout);
            }

            return refusal;
        }
    }

    private static Refusal? Launch(StageLaunch stage, List<ChildProcess> processes)
    {
        Refusal? refusal = Launch(stage.Build(), SafeText.Escape(stage.Stage.Stage.Program), processes);
        GC.KeepAlive(stage);
        return refusal;
    }

    private static Refusal? Launch(LaunchScript script, string program, List<ChildProcess> processes)
    {
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        if (outcome.Process is null)
        {
            return NotHeld("a process", $"clone3: {outcome.Error}");
        }

        processes.Add(outcome.Process);
        if (outcome.FailedStep is not { } step)
        {
            return null;
        }

        return (step.Call, outcome.Error) switch
        {
            (SystemCall.execveat, Errno.ENOEXEC) => new Refusal(LineReason.NotExecutable, $"{program}: Exec format error"),
            (SystemCall.execveat, _) => new Refusal(LineReason.NotExecutable, $"{program}: {outcome.Error}"),
            _ => NotHeld(step.Purpose, $"{step.Call}: {outcome.Error}"),
        };
    }

    private static void Wait(List<ChildProcess> processes, RunningPipeline running, List<StageResult> results)
    {
        // The first process is the group's leader: while it is not waited for, the group's number is not given again.
        for (int i = processes.Count - 1; i >= 0; i--)
        {
            if (i == 0)
            {
                WaitUnreaped(processes[0], running);
                running.Over();
            }

            processes[i].Wait(out ProcessExit exit, out ProcessUsage usage, running.Continue).OrThrow();
            results.Insert(0, new StageResult(exit, usage));
        }
    }

    private static void WaitUnreaped(ChildProcess process, RunningPipeline running) =>
        process.WaitWithoutReaping(running.Continue).OrThrow();

    private static Refusal NotHeld(string what, string why) =>
        new(LineReason.NotHeld, $"cannot be run as the entry says: {SafeText.Message(what)}: {why}");

    /// <summary>Status of a pipeline that was ended: as of one that the signal killed, also where it ended politely.</summary>
    private static int EndedStatus(List<StageResult> results)
    {
        const int terminated = 128 + 15;
        return results.LastOrDefault(stage => stage.Exit.Signal is not null)?.Exit is { } killed
            ? killed.Status
            : terminated;
    }
}
