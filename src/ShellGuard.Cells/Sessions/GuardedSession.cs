using System.Security.Cryptography;
using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Pipelines;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Walls;
using ShellGuard.Core.Events;
using ShellGuard.Core.Flow;
using ShellGuard.Journal;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Sessions;

/// <summary>One session from start to end: storage, journal, cell, terminal, and what is left to decide.</summary>
public sealed class GuardedSession : IDisposable
{
    private readonly SessionRequest _request;
    private readonly SessionSide _side;
    private readonly SessionStorage _storage;
    private readonly SessionId _id;
    private readonly string _directory;
    private readonly JournalClock _clock = new(TimeProvider.System);
    private readonly Descriptor _lock;
    private string? _stopReason;
    private volatile ChildProcess? _init;
    private readonly SecondThread _second;
    private Task<SessionJournal>? _opening;
    private SessionJournal? _journal;

    private GuardedSession(SessionRequest request, SecondThread second)
    {
        _request = request;
        _second = second;
        _storage = SessionStorage.Open(request.StorageRoot, request.User.Uid);
        _id = SessionIds.New(TimeProvider.System);
        _directory = _storage.Create(_id.Text);
        _lock = SessionLock.Take(_directory);

        // Behind the lock: whoever brings labelled data to the host writes the label down, and then looks who runs.
        _side = SessionSide.Of(request);
    }

    /// <summary>Begins what every session needs whatever its policy says, so that the policy can be read meanwhile:
    /// loading the cryptographic library takes as long as planning, and there are two cores nearly everywhere.</summary>
    /// <param name="missing">Called on the other thread where there is no such library; must end the process.</param>
    public static SecondThread Prepare(Action missing)
    {
        SecondThread second = new();
        _ = second.Begin(() =>
        {
            if (!CryptographicLibrary.TryLoad())
            {
                missing();
            }

            // What fails here fails again where a hash is needed, and is reported there.
            CryptographicLibrary.Prepare();
            return SHA256.HashData([]);
        });
        return second;
    }

    /// <summary>Runs a command in a cell of its own and waits for its end.</summary>
    /// <param name="prepared">What <see cref="Prepare"/> returned.</param>
    /// <returns>The session's name and the status for the caller.</returns>
    /// <exception cref="SessionException">It could not be started. Nothing ran.</exception>
    public static SessionResult Run(SessionRequest request, SecondThread prepared)
    {
        try
        {
            request = SessionSide.InLobby(request);
            _ = SessionSide.Of(request);
            SessionTerms terms = SessionTerms.Find(request, IdentityOf(request));
            using GuardedSession session = new(request, prepared);
            try
            {
                return session.Run(terms);
            }
            catch (Exception failure) when (failure is SessionException or PlanException or LinuxException
                or CommandNotFoundException or LaunchException)
            {
                session.NeverStarted(failure);
                throw;
            }
        }
        catch (Exception failure) when (failure is StorageException or PlanException or LinuxException)
        {
            throw new SessionException(failure.Message);
        }
        catch (CommandNotFoundException failure)
        {
            throw new SessionException(failure.Message, SessionException.NotFound);
        }
        catch (LaunchException failure)
        {
            throw new SessionException(
                failure.IsCommand ? $"{request.Command[0]}: {failure.Outcome.Error}" : LaunchRefusal.Explain(
                    failure, HostSettingsOf(request)),
                failure.IsCommand ? SessionException.NotExecutable : SessionException.OwnFailure);
        }
    }

    /// <summary>Plans a session without making anything.</summary>
    /// <exception cref="SessionException">It could not be started.</exception>
    public static CellPlan Plan(SessionRequest request)
    {
        try
        {
            request = SessionSide.InLobby(request);
            SessionSide side = SessionSide.Of(request);
            CellPlan plan = CellPlanner.Plan(
                side.Policy, request.Command, CallerOf(request, side, "SESSION"), new HostFiles(),
                $"{request.StorageRoot}/sessions/SESSION", labels: side.View);
            return plan with { LimitPlan = LimitPlanner.Plan(request.Policy.Limits, plan.Identity.KeepsRoot) };
        }
        catch (PlanException failure)
        {
            throw new SessionException(failure.Message);
        }
        catch (CommandNotFoundException failure)
        {
            throw new SessionException(failure.Message, SessionException.NotFound);
        }
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _lock.Dispose();
    }

    private SessionResult Run(SessionTerms terms)
    {
        _opening = _second.Begin(() => SessionJournal.Open(_storage, _directory, _id, _request, _clock));
        EffectivePolicy policy = _side.Policy;
        Caller caller = CallerOf(_request, _side, _id.Text);
        foreach (string directory in OwnFiles.Missing(_request.Policy, caller, new HostFiles()))
        {
            UserRules.MakeDirectories(directory);
        }

        HostFiles host = new();
        CellPlan plan = terms.Apply(_request.Pipeline is null
            ? CellPlanner.Plan(policy, _request.Command, caller, host, _directory, terms.Concessions, _side.View)
            : CellPlanner.PlanForJobs(policy, caller, host, _directory, terms.Concessions, _side.View));
        StubFarm? farm = null;
        if (_side.IsLobby)
        {
            if (_request.Pipeline is not null)
            {
                throw new SessionException("a policy with walls runs a pipeline in one of its cells: name it");
            }

            (plan, farm) = LobbyPlan.Of(plan, host, _directory, _request.Policy.Walls!);
        }

        Task<string> digest = _second.Begin(() => plan.Digest);
        if (SessionLayout.Prepare(plan.View) is { Failed: true } unprepared)
        {
            throw new SessionException(LaunchRefusal.Explain(
                unprepared, new HostProbe(IdentityOf(_request), _request.StorageRoot), HostSettingsOf(_request)));
        }

        SessionLayout.RecordBaselines(plan.View);
        if (_request.Policy.Walls is { } walls)
        {
            WallsFile.Write(_directory, walls);
        }

        farm?.Write(LobbyPlan.DirectoryOf(_directory)).OrThrow();
        RedirectedOutput? redirected = _side.Groups is { } groups
            ? new RedirectedOutput(caller.Redirected, _request.Policy.Walls!, groups.Committed, _id.Text)
            : null;
        if ((_side.Group ?? _side.Groups?.Lobby) is { } start)
        {
            redirected!.Label(1, start);
            redirected.Label(2, start);
        }

        if (_side.Group is { } group)
        {
            FlowPolicy flow = _request.Policy.Walls!.Flow;
            TagSet marks = _side.Groups!.Committed.MarksSeenBy(_request.Policy.Walls, group.Label);
            LabelFile.Write(_directory, group.Key, (group.Label | marks).Select(flow.NameOf));
        }

        SessionRecord.Write(_directory, _id, _request, plan, _clock.Start);

        using SessionTerminal terminal = SessionTerminal.Open(
            policy.Session, _clock, SessionFiles.Recording(_directory), _request.Environment);
        SessionJournal journal = _opening.GetAwaiter().GetResult();
        _journal = journal;
        SessionRecorder recorder = new(journal.Writer, _side.Name, terminal.Notices, Stop);
        JournaledQuestions questions = new(
            terminal.Questions, recorder.Record, _side.Name, new UserRules(_request.User.Home), terminal.Notices.Say);
        using CellPipeline? pipeline = _request.Pipeline is { } stages
            ? new CellPipeline(
                plan, stages, EnvironmentBuilder.Build(policy.Environment, caller.Environment, caller.Session),
                CellPlanner.DirectoryOf(_request.Policy, plan.View, caller))
            : null;
        using CellSupervisor supervisor = new(plan, policy, recorder, questions);
        terms.Announce(_request, recorder.Record);
        bool recorded = recorder.Record(
            new CellStartEvent(
                ArgumentVector.Of(_request.Command), HostileText.Of(plan.Command?.WorkingDirectory ?? caller.WorkingDirectory),
                digest.GetAwaiter().GetResult())
            {
                Cell = _side.Name,
            });
        if (!recorded)
        {
            throw new SessionException(_stopReason ?? "the journal cannot be written");
        }

        foreach (string rule in plan.View.NotHeld)
        {
            recorder.Record(new DegradedEvent("path rule", rule));
        }

        if (plan.View.NotHeld is [var first, ..])
        {
            int more = plan.View.NotHeld.Count - 1;
            _request.Tell?.Invoke(
                $"not held: {first}{(more == 0 ? "" : $"; and {more} more like it, which shellguard log lists")}");
        }

        if (farm is not null && LobbyPlan.Elsewhere(plan, caller, _side.Groups!) is { } elsewhere)
        {
            _request.Tell?.Invoke(elsewhere);
        }

        using SessionLimits limits = SessionLimits.Prepare(plan.LimitPlan, _storage, _id.Text);
        using SignalForwarding signals = new(terminal, supervisor);
        SessionContext context = new(
            _request, _id, _directory, caller, terms, journal.Writer, terminal, limits, Stop);
        using LobbyStreams? streams = farm is null ? null : new LobbyStreams(redirected!);
        using Lobby? lobby = farm is null ? null : LobbyPlan.Prepare(context, _side.Groups!, plan, farm, streams!, recorder);
        using ChildProcess init = CellLauncher.Start(
            plan,
            _second,
            pid =>
            {
                supervisor.Init = pid;
                return limits.Hold(pid);
            },
            descriptors =>
            {
                supervisor.Start(descriptors, _second, lobby);
                LabelGroup? shown = _side.Group ?? _side.Groups?.Lobby;
                terminal.Start(
                    descriptors.Terminal, supervisor.Job(descriptors.Stops), Stop, shown?.Describe(policy.Walls!, shown.Label),
                    onlyDraws: shown is { IsLobby: false }, clipboard: shown?.SetsClipboard == true);
                return default;
            },
            pipeline?.CellEnd,
            streams?.Given);
        streams?.HandedOver();
        _init = init;
        using Ending ending = new(this);
        pipeline?.Start(terminal.HasTerminal);
        terminal.CommandRuns();
        signals.CommandRuns();
        if (_stopReason is not null)
        {
            init.Kill();
        }

        limits.Watch(plan.View, recorder, _side.Name, terminal.Notices.Say, Stop);
        using SessionTimer timer = new(policy.Limits.WallTime, limit =>
        {
            recorder.Record(new LimitEvent(LimitKind.WallTime, (long)limit.TotalSeconds, "the session was ended"));
            Stop($"limit reached: {LimitText.Describe(LimitKind.WallTime, (long)limit.TotalSeconds)}: the session was ended");
        });
        ProcessExit? last = pipeline?.Wait();
        if (last is not null)
        {
            init.Kill();
        }

        init.Wait(out ProcessExit exit).OrThrow();
        exit = last ?? exit;
        _init = null;
        lobby?.Dispose();
        streams?.Dispose();
        limits.End();
        terminal.End();
        supervisor.Finish();
        if (!terminal.HasTerminal)
        {
            limits.Said.ToList().ForEach(line => _request.Tell?.Invoke(line));
        }

        return End(journal.Writer, recorder, terminal, exit) with { Stages = pipeline?.Ends ?? [] };
    }

    /// <summary>The journal that was being opened when planning failed; null when it could not be.</summary>
    private SessionJournal? Opened()
    {
        try
        {
            return _opening?.GetAwaiter().GetResult();
        }
        catch (SessionException)
        {
            // Planning failed first, and that is what is reported.
            return null;
        }
    }

    /// <summary>The command never ran: the journal says why and is closed, and no empty layer stays behind.</summary>
    private void NeverStarted(Exception failure)
    {
        int status = failure is SessionException known ? known.Status
            : failure is CommandNotFoundException ? SessionException.NotFound
            : failure is LaunchException { IsCommand: true } ? SessionException.NotExecutable
            : SessionException.OwnFailure;
        _journal ??= Opened();
        _journal?.Writer.Close(new SessionEndEvent(status, failure.Message));
        SessionEnding.Settle(_id, _directory);
    }

    private SessionResult End(
        JournalWriter journal, SessionRecorder recorder, SessionTerminal terminal, ProcessExit exit)
    {
        string? reason = Volatile.Read(ref _stopReason);
        int status = reason is null ? exit.Status
            : terminal.TerminatedBy > 0 ? 128 + terminal.TerminatedBy
            : SessionException.OwnFailure;
        recorder.Record(new CellEndEvent(exit.Status, exit.Signal) { Cell = _side.Name });
        string? recording = terminal.CloseRecording();
        bool whole = journal.Close(
            new SessionEndEvent(status, reason ?? "the command ended") { RecordingSha256 = recording });
        return new SessionResult(
            _id.Text, _directory, whole || reason is not null ? status : SessionException.OwnFailure, reason ?? (whole ? null : journal.Failure))
        {
            Summary = SessionEnding.Settle(_id, _directory),
        };
    }

    /// <summary>Ends the session: the kernel kills everything in the cell with its process 1.</summary>
    private void Stop(string reason)
    {
        Interlocked.CompareExchange(ref _stopReason, reason, null);
        _init?.Kill();
    }

    /// <summary>Whatever fails here, no cell runs on without its supervisor.</summary>
    private sealed class Ending(GuardedSession session) : IDisposable
    {
        public void Dispose() => session._init?.Kill();
    }

    private static Caller CallerOf(SessionRequest request, SessionSide side, string session) => new(
        side.Name,
        session,
        IdentityOf(request),
        request.WorkingDirectory,
        request.Environment,
        [.. StandardDescriptors.Terminals()],
        [.. StandardDescriptors.OutputFiles()],
        Processes.FileModeMask)
    {
        Home = request.User.Home,
        Redirected = request.Policy.Walls is null ? new Dictionary<int, string>() : RedirectedOutput.Find(),
        Unread = StandardDescriptors.UnreadFiles(),
        NullDevices = [.. StandardDescriptors.NullDevices()],
    };

    private static HostSettings HostSettingsOf(SessionRequest request) =>
        HostSettings.Read(request.User.Uid == 0, request.StorageRoot);

    private static CellIdentity IdentityOf(SessionRequest request) =>
        new(request.User.Uid, request.User.Gid, KeepsRoot: request.User.Uid == 0)
        {
            KeepsGroups = Processes.MustKeepGroups,
        };
}
