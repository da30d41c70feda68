using System.CommandLine;
using System.Globalization;
using System.Numerics;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Tracing;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard trace -- COMMAND</c>.</summary>
internal static class TraceCommand
{
    public static Command Create()
    {
        Argument<string[]> words = new("command")
        {
            Description = "The command and its arguments",
            Arity = ArgumentArity.ZeroOrMore,
        };
        words.Validators.Add(UnknownOptions.Refuse);
        Option<string?> output = new("--output", "-o")
        {
            Description = "Store the audit there, and the recording beside it as FILE.strace.gz",
            HelpName = "FILE",
        };
        Option<bool> container = new("--container")
        {
            Description = "The command makes a container (runc, crun, podman run, docker run as root): only what its programs do counts",
        };
        Option<bool> calls = new("--all-calls")
        {
            Description = "Record the names of all system calls, for export seccomp; many times slower",
        };
        Option<bool> follow = new("--follow", "-f")
        {
            Description = "Print each access to standard error when it is first seen; probes for what is not there are left out",
        };
        Option<string> backend = new("--backend")
        {
            Description = "ptrace, ebpf (root only), or auto: ptrace wherever it works",
            HelpName = "BACKEND",
            DefaultValueFactory = _ => "auto",
        };
        backend.AcceptOnlyFromAmong("auto", "ptrace", "ebpf");
        Option<string?> group = new("--cgroup")
        {
            Description = "Trace what runs in this control group (version 2) instead of a command, until Ctrl-C or its end; root only",
            HelpName = "DIRECTORY",
        };
        Option<int?> buffer = new("--buffer")
        {
            Description = "Memory for what the ebpf back end has not read yet, a power of two from 1 to 1024; 16",
            HelpName = "MIB",
            CustomParser = result => WholeNumber.Of(
                result, "a power of two from 1 to 1024", size => size is >= 1 and <= 1024 && BitOperations.IsPow2(size)),
        };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Do not print a summary at the end" };
        Verb verb = new("trace", "Run a command and record what it touches")
        {
            Operands = "[--] COMMAND [ARGUMENT...]  |  --cgroup DIRECTORY",
            RunsCommand = true,
            NeedsHashes = false, // the recording looks for them beside the start
            Details =
            [
                "The command runs as it would without us: same user, same terminal, same signals, and its exit status is "
                + "ours. Nothing is held back; shellguard run is for that. A summary goes to standard error.",
                "All processes that it starts are followed, also after the command itself ended; Ctrl-C then ends them. "
                + "Without -o the audit is kept where sessions are. shellguard import reads the recording again.",
                "As an ordinary user set-user-ID programs run without their privilege, which the summary says.",
                "Two back ends give the same: ptrace stops each call that counts and loses nothing; ebpf, for root, stops "
                + "nothing, lets the command trace others itself, and counts what it loses. The summary says which one it was.",
            ],
            Examples =
            [
                new("shellguard trace -- make", "what a build touches"),
                new("shellguard trace --container -- runc run batch", "what is in a container, as it sees it"),
                new("shellguard trace -o scan.audit -- lynis audit system", "kept as evidence"),
                new("shellguard trace --backend ebpf -- strace -f ls", "a command that traces by itself"),
                new("shellguard trace --cgroup /sys/fs/cgroup/system.slice/nginx.service", "a service that runs"),
            ],
        };
        verb.Options.Add(output);
        verb.Options.Add(container);
        verb.Options.Add(calls);
        verb.Options.Add(backend);
        verb.Options.Add(group);
        verb.Options.Add(buffer);
        verb.Options.Add(follow);
        verb.Options.Add(quiet);
        verb.Arguments.Add(words);
        verb.SetAction(parsed =>
        {
            Check(parsed.GetValue(words) is { Length: > 0 }, parsed.GetValue(group) is not null, parsed.GetValue(backend));
            TracerChoice choice = parsed.GetValue(group) is null
                ? TracerChoice.Here(parsed.GetValue(backend) switch
                {
                    "ptrace" => TraceBackend.Ptrace,
                    "ebpf" => TraceBackend.Ebpf,
                    _ => TraceBackend.Auto,
                })
                : new TracerChoice(TraceBackend.Ebpf, "a control group needs it");
            if (parsed.GetValue(buffer) is not null && choice.Backend != TraceBackend.Ebpf)
            {
                throw new SessionException($"--buffer is for the ebpf back end, and this one is ptrace: {choice.Reason}");
            }

            return Run(
                parsed.GetValue(words) ?? [],
                parsed.GetValue(output),
                parsed.GetValue(quiet),
                choice,
                parsed.GetValue(container),
                options => options with
                {
                    AllCalls = parsed.GetValue(calls),
                    Group = parsed.GetValue(group),
                    OnlyPayload = parsed.GetValue(container),
                    RingSize = parsed.GetValue(buffer) is { } size ? size << 20 : options.RingSize,
                    Seen = parsed.GetValue(follow) ? AccessLine.Print : null,
                });
        });
        return verb;
    }

    private static void Check(bool hasCommand, bool hasGroup, string? backend)
    {
        if (hasCommand == hasGroup)
        {
            throw new SessionException(hasCommand
                ? "either a command or --cgroup, not both"
                : "which command? for example: shellguard trace -- ls");
        }

        if (hasGroup && backend == "ptrace")
        {
            throw new SessionException("--cgroup needs the ebpf back end");
        }
    }

    private static int Run(
        string[] words, string? output, bool quiet, TracerChoice choice, bool container, Func<TraceOptions, TraceOptions> adjust)
    {
        ProcessExit exit = Record(words, output, quiet, choice, container, adjust);
        if (exit.Signal is { } signal)
        {
            // Nothing comes behind this: what is to be removed was.
            Terminal.Out.Flush();
            Processes.EndBy(signal);
        }

        return exit.Status;
    }

    private static ProcessExit Record(
        string[] words, string? output, bool quiet, TracerChoice choice, bool container, Func<TraceOptions, TraceOptions> adjust)
    {
        string program = words.Length > 0 ? ProgramSearch.Find(words[0]) : "";
        string? identifier = container && words.Length > 0 && DockerCommand.Is(program) ? NewIdentifierFile() : null;
        if (identifier is not null && choice.Backend == TraceBackend.Ebpf)
        {
            throw new SessionException("what docker's daemon starts is followed by ptrace; use --backend ptrace");
        }

        IReadOnlyList<string> command = identifier is null ? words : ForDocker(words, identifier);
        string path = output ?? DefaultPath(words.Length > 0 ? words[0] : "cgroup");
        using FileStream audit = EvidenceFile.Create(path);
        FileStream? record = null;
        try
        {
            record = EvidenceFile.Create($"{path}.strace.gz");
            TraceResult result = Trace(
                adjust(new TraceOptions(program, command, Variables(), record) { IdentifierFile = identifier }), choice);
            ImportResult seen = container ? result.Audit : WithUsers(result.Audit);
            EvidenceFile.Write(audit, seen);
            if (!quiet)
            {
                Terminal.Complain($"traced by {(choice.Backend == TraceBackend.Ebpf ? "eBPF" : "ptrace")}: {choice.Reason}");
                new ImportPrinter(Terminal.Error, Terminal.ErrorColour, Terminal.ErrorColumns).Print(seen, path);
            }

            return result.Exit;
        }
        catch (TraceException failure)
        {
            EvidenceFile.Discard(audit);
            EvidenceFile.Discard(record);
            throw new SessionException(
                failure.Message,
                failure.Error switch
                {
                    Errno.None => SessionException.OwnFailure,
                    Errno.ENOENT => SessionException.NotFound,
                    _ => SessionException.NotExecutable,
                });
        }
        catch (Exception failure) when (failure is SessionException or ImportException)
        {
            EvidenceFile.Discard(audit);
            if (record is { Length: 0 })
            {
                EvidenceFile.Discard(record);
            }

            throw failure as SessionException ?? new SessionException(failure.Message);
        }
        finally
        {
            record?.Dispose();
            if (identifier is not null)
            {
                File.Delete(identifier);
            }
        }
    }

    /// <summary>Who reads the audit later may not ask, and may be elsewhere.</summary>
    private static ImportResult WithUsers(ImportResult audit)
    {
        SortedSet<long> numbers = [];
        foreach (SeenAccess seen in audit.Accesses)
        {
            if (seen.Access.Chain[0].User is { } number)
            {
                numbers.Add(number);
            }
        }

        List<SeenUser> users = [];
        foreach (long number in numbers)
        {
            if (number is >= 0 and <= uint.MaxValue && Accounts.Find((uint)number) is { } account)
            {
                users.Add(new SeenUser(number, account.Name));
            }
        }

        return audit with { Users = users };
    }

    /// <summary>docker has a daemon of root start the container.</summary>
    private static IReadOnlyList<string> ForDocker(string[] words, string identifier) =>
        Invocation.User.Uid != 0
            ? throw new SessionException("docker's daemon starts containers as root, and only root can follow them; run this as root")
            : DockerCommand.WithIdentifier(words, identifier, out string? problem) ?? throw new SessionException(problem!);

    /// <summary>A name in root's own storage: docker makes the file, and none may be there.</summary>
    private static string NewIdentifierFile() => $"{Path.GetDirectoryName(DefaultPath("docker"))}/.container-{Environment.ProcessId}-{Environment.TickCount64}";

    private static TraceResult Trace(TraceOptions options, TracerChoice choice)
    {
        TraceSignals? signals = null;
        using ITracer tracer = choice.Create(options with
        {
            LeftBehind = threads =>
            {
                signals!.CommandEnded();
                Terminal.Complain(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the command ended; {threads} thread{(threads == 1 ? "" : "s")} that it started go on and are followed (Ctrl-C ends them)"));
            },
        });
        using (signals = new TraceSignals(tracer, options.Group is not null))
        {
            if (options.Group is { } group)
            {
                Terminal.Complain($"following {group}; Ctrl-C ends the trace, and nothing else");
            }

            return tracer.Run();
        }
    }

    /// <summary>As the kernel handed it to us, also what is no text.</summary>
    private static List<string> Variables()
    {
        List<string> variables = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes("/proc/self/environ");
        while (rest.IndexOf((byte)0) is >= 0 and int end)
        {
            variables.Add(KernelText.Decode(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return variables;
    }

    private static string DefaultPath(string command)
    {
        SessionStorage storage = SessionStorage.Open(Invocation.StorageRoot, Invocation.User.Uid);
        storage.OpenAudits(Invocation.User.Uid);
        string name = Path.GetFileName(command);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{storage.AuditsDirectory}/{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss}-{(name.Length is 0 or > 64 ? "command" : name)}-{Environment.ProcessId}.audit");
    }
}
