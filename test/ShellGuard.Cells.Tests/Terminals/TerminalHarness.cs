using System.Diagnostics;
using System.Runtime.CompilerServices;
using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>To look at relay, notices and questions with one's own eyes, without a cell:
/// <c>ShellGuard.Cells.Tests --terminal-harness FIFO COMMAND</c> runs a command on a pseudo-terminal of its own; lines
/// written to the FIFO are <c>say TEXT</c>, <c>deny PATH</c> and <c>ask PATH</c>.</summary>
internal static class TerminalHarness
{
    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        string[] arguments = Environment.GetCommandLineArgs();
        if (arguments is [_, "--terminal-harness", var fifo, var command])
        {
            Environment.Exit(Run(fifo, command));
        }
    }

    private static int Run(string fifo, string command)
    {
        using UserTerminal? user = UserTerminal.Find();
        if (user is null)
        {
            return 125;
        }

        Terminal.OpenMaster("/dev/ptmx", out Descriptor master).OrThrow();
        Terminal.OpenSlave(master, out Descriptor slave).OrThrow();
        string path = new FileInfo($"/proc/self/fd/{slave.Number}").LinkTarget!;
        string input = UserTerminal.IsTerminal(0) ? $"<{path}" : "";
        string output = UserTerminal.IsTerminal(1) ? $">{path}" : "";
        string error = UserTerminal.IsTerminal(2) ? $"2>{path}" : "";
        var lane = new OutputLane();
        var questions = new TerminalQuestions(TerminalQuestions.DefaultTimeout);
        using var relay = new TerminalRelay(user, master, new RelayOptions
        {
            Notices = lane,
            Questions = questions,
            Colour = RelayOptions.WantsColour(
                Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM")),
        });
        relay.Start();

        // A session leader without a terminal gets the one that it opens first.
        string script = $"exec setsid -w sh -c ': <{path}; exec sh -c \"$0\" {input} {output} {error}' \"$0\"";
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, command]))!;
        slave.Dispose();
        new Thread(() => Control(fifo, lane, questions)) { IsBackground = true }.Start();
        process.WaitForExit();
        relay.CellEnded();
        return relay.Completion.Result == RelayEnd.CellEnded ? process.ExitCode : 125;
    }

    private static void Control(string fifo, OutputLane lane, TerminalQuestions questions)
    {
        int number = 0;
        while (true)
        {
            foreach (string line in File.ReadLines(fifo))
            {
                string[] words = line.Split(' ', 2);
                Access access = Samples.Access(words[^1], Operation.Connect);
                switch (words[0])
                {
                    case "say":
                        lane.Say(words[^1]);
                        break;
                    case "deny":
                        lane.Denied(access, ++number);
                        break;
                    case "ask":
                        _ = Task.Run(() => lane.Say($"answer: {questions.Ask(access)}"));
                        break;
                }
            }
        }
    }
}
