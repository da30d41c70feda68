using System.CommandLine;
using System.Runtime.InteropServices;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard import FILE...</c>.</summary>
internal static class ImportCommand
{
    private const int Partial = 1;
    private const int Failed = 2;
    private const int Interrupted = 128 + 2;

    public static Command Create()
    {
        Argument<string[]> files = new("file") { Arity = ArgumentArity.ZeroOrMore };
        Option<TraceFormat> format = new("--format")
        {
            Description = $"What the files are: {FormatNames.All}. Found out where it is not given",
            HelpName = "FORMAT",
            CustomParser = FormatNames.Parse,
        };
        Option<bool> container = new("--container")
        {
            Description = "Only what a container's programs did, not the runtime that made it",
        };
        Option<string[]> sessions = new("--session")
        {
            Description = "The journal of this session, as far as its supervisor saw what happened",
            HelpName = "SESSION",
        };
        Option<bool> json = new("--json") { Description = "Print everything as lines of JSON" };
        Option<string?> output = new("--output", "-o") { Description = "Store everything there as evidence", HelpName = "FILE" };
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("import", "Say what a command touched, from a recording of strace, perf, bcc or bpftrace, or a session's journal")
        {
            Operands = "FILE... | --session SESSION",
            Details =
            [
                "FILE is a recording, packed with gzip, with xz or not at all, a directory that strace -ff wrote, or - for standard input. "
                + "Several are put together. The summary fits on a screen; --json and -o have everything, with the hashes "
                + "of what was read.",
                "Recordings are other people's words: once all files are open, this process gives up everything that reading "
                + "them does not need, files, network and programs among it.",
                "Exit status: 0 when the recording shows everything that its method can see, 1 when something is missing "
                + "(it is said what), 2 when nothing can be learnt from it, 130 after an interrupt, which keeps what was "
                + "read until then.",
            ],
            Examples =
            [
                new("shellguard import scan.strace", "what the scan touched"),
                new("zstd -dc scan.zst | shellguard import -", "from a pipe"),
                new("shellguard import -o scan.audit opens.txt execs.txt", "two tools' tables, kept as evidence"),
            ],
        };
        files.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(files);
        verb.Options.Add(format);
        verb.Options.Add(container);
        verb.Options.Add(sessions);
        verb.Options.Add(json);
        verb.Options.Add(output);
        verb.Options.Add(degraded);
        verb.SetAction(parsed => Run(
            new ImportOptions(Inputs(parsed.GetValue(files) ?? [], parsed.GetValue(sessions) ?? []))
            {
                Format = parsed.GetValue(format),
                OnlyPayload = parsed.GetValue(container),
                StandardInput = () => new StandardStream(0, mayFail: true),
            },
            parsed.GetValue(json),
            parsed.GetValue(output),
            parsed.GetValue(degraded)));
        return verb;
    }

    private static List<string> Inputs(string[] files, string[] sessions)
    {
        List<string> inputs = [.. files];
        foreach (string session in sessions)
        {
            inputs.AddRange(SessionArguments.Catalog.Find(session).Journals);
        }

        return files.Contains("") ? throw new SessionException("a file is needed, and its name is empty")
            : inputs.Count > 0 ? inputs
            : throw new SessionException("import needs FILE... or --session SESSION; - is standard input");
    }

    private static int Run(ImportOptions options, bool json, string? output, bool allowDegraded)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // The second one ends the process, should the first have no effect.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        using ProgressLine progress = new();
        using Importer importer = Open(options with { Progress = progress.Show });
        using FileStream? evidence = output is null ? null : EvidenceFile.Create(output);
        ImportPrinter printer = new(Terminal.Out, Terminal.Colour, Terminal.Columns);
        ConfinedReading.Begin(ConfinedReach.Nothing, allowDegraded, evidence);
        ImportResult result;
        try
        {
            result = ConfinedReading.Read(evidence, () => importer.Read(stop.Token));
        }
        finally
        {
            progress.Clear();
        }

        if (evidence is not null)
        {
            EvidenceFile.Write(evidence, result);
        }

        if (json)
        {
            Terminal.Out.Flush();
            using Stream stream = Terminal.OpenOutput();
            using BufferedStream buffered = new(stream, 64 * 1024);
            AuditWriter.Write(buffered, result, Invocation.Version);
        }
        else
        {
            printer.Print(result, output);
        }

        return stop.IsCancellationRequested ? Interrupted
            : result.Coverage.State == CoverageState.Complete ? 0
            : result.Coverage.State == CoverageState.Partial ? Partial
            : Failed;
    }

    private static Importer Open(ImportOptions options)
    {
        try
        {
            return new Importer(options);
        }
        catch (ImportException failure)
        {
            throw new SessionException(failure.Message);
        }
    }
}
