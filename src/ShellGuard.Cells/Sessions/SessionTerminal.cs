using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Terminals;
using ShellGuard.Journal;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Sessions;

/// <summary>The person's side of a session: relay, notices, questions and recording where there is a terminal, and
/// silence where there is none.</summary>
internal sealed class SessionTerminal : IDisposable
{
    private readonly UserTerminal? _user;
    private readonly OutputLane? _lane;
    private readonly TerminalQuestions? _asked;
    private readonly RecordingTap? _tap;
    private readonly bool _colour;
    private readonly TerminalAbilities _abilities;
    private TerminalRelay? _relay;
    private Descriptor? _master;
    private Descriptor? _stops;

    private SessionTerminal(UserTerminal? user, TimeSpan askTimeout, RecordingTap? tap, bool colour, TerminalAbilities abilities)
    {
        _user = user;
        _tap = tap;
        _colour = colour;
        _abilities = abilities;
        if (user is not null)
        {
            _lane = new OutputLane();
            _asked = new TerminalQuestions(askTimeout);
        }
    }

    public bool HasTerminal => _user is not null;

    public INotices Notices => _lane is { } lane ? lane : SilentNotices.Instance;

    public IQuestions Questions => _asked is { } asked ? asked : new NoTerminalQuestions();

    /// <exception cref="SessionException">The recording that the policy wants cannot be made.</exception>
    public static SessionTerminal Open(
        SessionRules rules, JournalClock clock, string recording, IReadOnlyDictionary<string, string> environment)
    {
        UserTerminal? user = UserTerminal.Find();
        string? term = environment.GetValueOrDefault("TERM");
        RecordingTap? tap = user is { Interactive: true } && rules.Record
            ? RecordingTap.Create(recording, rules.RecordInput, clock, term, environment.GetValueOrDefault("SHELL"))
            : null;
        bool colour = RelayOptions.WantsColour(environment.GetValueOrDefault("NO_COLOR"), term);
        return new SessionTerminal(user, rules.AskTimeout, tap, colour, TerminalAbilities.Of(term));
    }

    /// <summary>Connects the cell's terminal, before its command runs.</summary>
    /// <param name="master">Belongs to this object from now on; null where the cell has no terminal.</param>
    /// <param name="job">The cell's command; what it holds belongs to this object from now on.</param>
    /// <param name="lost">Called with the reason when the person's terminal is gone or the session is asked to end.</param>
    /// <param name="label">What the label row says of the cell; null where there are no labels.</param>
    /// <param name="onlyDraws">Whether the cell has a label itself.</param>
    /// <param name="clipboard">Whether the cell may set the person's clipboard.</param>
    public void Start(
        Descriptor? master, CellJob job, Action<string> lost, string? label = null, bool onlyDraws = false, bool clipboard = false)
    {
        _stops = job.Stops;
        if (master is null || _user is null)
        {
            return;
        }

        _master = master;
        _relay = new TerminalRelay(_user, master, new RelayOptions
        {
            Colour = _colour,
            Abilities = _abilities,
            Notices = _lane,
            Questions = _asked,
            Tap = _tap,
            Job = job,
            EndOnHangUp = false,
            Label = label,
            OnlyDraws = onlyDraws,
            Clipboard = clipboard,
        });
        _ = _relay.Completion.ContinueWith(
            end =>
            {
                if (!end.IsCompletedSuccessfully || end.Result is not RelayEnd.CellEnded)
                {
                    lost(end.IsCompletedSuccessfully && end.Result is RelayEnd.Terminated
                        ? $"signal {TerminatedBy} came"
                        : "the terminal is gone");
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _relay.Start();
    }

    /// <summary>The command runs, and gets what is typed.</summary>
    public void CommandRuns() => _relay?.CommandRuns();

    /// <summary>Acts on a signal that came to this process once the command runs.</summary>
    public void Signal(int signal) => _relay?.Signal(signal);

    /// <summary>Makes another cell's terminal like the person's, before anything in that cell has it open.</summary>
    public void Prepare(Descriptor master) => _relay?.Prepare(master);

    /// <summary>Gives the person's terminal to another cell's, or back to the first one's.</summary>
    /// <param name="master">Stays the caller's, and open until it is taken back; null for the first cell.</param>
    /// <param name="label">What the label row says meanwhile; null for the first one's.</param>
    /// <param name="clipboard">Whether that cell may set the person's clipboard; the first one does what it always may.</param>
    /// <param name="interrupted">Called on another thread with SIGINT or SIGQUIT when the person types what sends that to the
    /// cell's foreground.</param>
    public void Front(Descriptor? master, string? label = null, bool clipboard = false, Action<int>? interrupted = null) =>
        _relay?.Front(master, label, clipboard, interrupted);

    /// <summary>The signal that asked us to end, or 0.</summary>
    public int TerminatedBy => _relay?.TerminatedBy ?? 0;

    /// <summary>Shows what the cell wrote last and gives the terminal back.</summary>
    public void End()
    {
        if (_relay is { } relay)
        {
            relay.CellEnded();
            relay.Completion.ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait();
        }
    }

    /// <summary>The recording's SHA-256, or null when there is none.</summary>
    public string? CloseRecording() => _tap?.Close();

    public void Dispose()
    {
        _relay?.Dispose();
        _user?.Dispose();
        _master?.Dispose();
        _stops?.Dispose();
        _tap?.Dispose();
    }
}
