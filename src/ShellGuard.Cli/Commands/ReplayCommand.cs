using System.CommandLine;
using System.Runtime.InteropServices;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Journal;
using ShellGuard.Journal.Recordings;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard replay [SESSION]</c>.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<double?> speed = new("--speed") { Description = "How many times faster than it was", HelpName = "N" };
        Option<double?> pause = new("--max-pause") { Description = "The longest pause", HelpName = "SECONDS" };
        Option<long?> at = new("--at")
        {
            Description = "Start at this record of the journal, as shellguard log numbers them",
            HelpName = "EVENT",
        };
        Verb verb = new("replay", "Play a session's terminal recording")
        {
            Operands = "[SESSION]",
            Details =
            [
                "Only what draws reaches your terminal: titles, clipboard, queries and the like are left out. "
                + "Into a pipe it is written without pauses. asciinema plays the file too; shellguard sessions --json "
                + "tells where it is.",
            ],
            Examples =
            [
                new("shellguard replay", "the latest recording"),
                new("shellguard replay --speed 4 --max-pause 1", "quickly"),
                new("shellguard replay 1ng4ca --at 17", "from record 17 of the journal on"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(speed);
        verb.Options.Add(pause);
        verb.Options.Add(at);
        verb.SetAction(parsed =>
        {
            StoredSession session = arguments.ReadSession(
                parsed, SessionArguments.Catalog, HasRecording, "no session has a recording; shellguard shell makes one");
            if (!HasRecording(session))
            {
                throw new SessionException($"session {session.Id} has no recording: it had no terminal, or the policy says record = false", 1);
            }

            // Of what is no number every comparison is false.
            if ((parsed.GetValue(speed) is { } times && !(times > 0)) || (parsed.GetValue(pause) is { } longest && !(longest >= 0)))
            {
                throw new SessionException("--speed and --max-pause take numbers above 0");
            }

            ReplayOptions options = new()
            {
                Speed = parsed.GetValue(speed) ?? 1,
                IdleLimit = parsed.GetValue(pause),
                From = parsed.GetValue(at) is { } record ? SecondsOf(session, record) : 0,
            };
            Play(session, options, waits: !Console.IsOutputRedirected || parsed.GetValue(speed) is not null);
            return 0;
        });
        return verb;
    }

    private static bool HasRecording(StoredSession session) => new FileInfo(SessionFiles.Recording(session.Directory)).Exists;

    /// <summary>Journal and recording share their clock.</summary>
    private static double SecondsOf(StoredSession session, long number)
    {
        if (!JournalReader.TryOpen(SessionFiles.Journal(session.Directory), out JournalReader? reader, out string? error))
        {
            throw new SessionException(error, 1);
        }

        using (reader)
        {
            long? nanoseconds = reader.Read()
                .FirstOrDefault(line => line.Record?.Header.Sequence == number)?.Record?.Header.MonotonicNanoseconds;
            return nanoseconds / 1e9
                ?? throw new SessionException($"session {session.Id} has no record {number}; shellguard log lists them", 1);
        }
    }

    private static void Play(StoredSession session, ReplayOptions options, bool waits)
    {
        using FileStream file = new(
            SessionFiles.Recording(session.Directory), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (!AsciicastReader.TryOpen(file, out AsciicastReader? recording, out string? error))
        {
            throw new SessionException(error, 1);
        }

        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        using (recording)
        {
            using Stream output = Terminal.OpenOutput();
            foreach (ReplayStep step in Replay.Plan(recording.Read(), options))
            {
                if (waits && step.Delay > TimeSpan.Zero && stop.Token.WaitHandle.WaitOne(Clamp(step.Delay)))
                {
                    break;
                }

                output.Write(step.Output.Span);
                output.Flush();
            }

            if (!Console.IsOutputRedirected)
            {
                // Back to the main screen, a visible cursor and plain text, wherever the recording stopped.
                output.Write("\e[?1049l\e[?25h\e[0m\r\n"u8);
            }
        }
    }

    /// <summary>A wait handle takes no more.</summary>
    private static TimeSpan Clamp(TimeSpan delay) => delay.TotalMilliseconds > int.MaxValue ? TimeSpan.FromMilliseconds(int.MaxValue) : delay;
}
