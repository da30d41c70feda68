using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>The distinct accesses of a recording. It grows with what is distinct, never with lines.</summary>
internal sealed class AccessTable
{
    /// <summary>Distinct accesses kept. A hostile log could make each of its lines one; some hundred bytes each.
    /// </summary>
    public const int DefaultLimit = 2_000_000;

    private readonly Dictionary<AccessKey, AccessFact> _facts = [];
    private readonly int _limit;
    private long _dropped;

    public AccessTable(int limit = DefaultLimit, long maxTextBytes = TextPool.DefaultMaxBytes) =>
        (_limit, Texts) = (limit, new TextPool(maxTextBytes));

    public TextPool Texts { get; }

    public OutcomePool Outcomes { get; } = new();

    /// <summary>Every system call that was seen, where the recording has calls.</summary>
    public CallCounts Calls { get; } = new();

    /// <summary>The processes, where the recording has their beginnings.</summary>
    public ProcessLives Lives { get; } = new();

    /// <summary>Names of variables that programs were given, where the recording has them.</summary>
    public EnvironmentNames Environment { get; } = new();

    /// <summary>Only what a container's programs did was asked for.</summary>
    public bool OnlyPayload { get; init; }

    public int Count => _facts.Count;

    /// <summary>Accesses, errors and names of calls that were seen but not kept, because there were too many distinct ones.</summary>
    public long Dropped => _dropped + Outcomes.Dropped + Calls.Dropped;

    /// <summary>The user that the recording began with, once something told it.</summary>
    public long InitialUser { get; set; } = ProcessImage.UnknownUser;

    /// <summary>Called for each access that was not there before.</summary>
    public Action<AccessKey, AccessFact>? Added { get; set; }

    /// <param name="detail">See <see cref="AccessKey"/>.</param>
    /// <param name="resolved">Where links led; empty where it was not seen.</param>
    public void Add(
        ProcessImage who, Operation operation, ObjectKind kind, ReadOnlySpan<byte> target, int outcome, Origin origin,
        int detail = 0, ReadOnlySpan<byte> resolved = default, bool isUnresolved = false)
    {
        int text = Texts.Add(target);
        if (text == 0)
        {
            _dropped++;
            return;
        }

        AccessKey key = new(
            who.Program, who.Program == 0 ? who.Command : 0, who.User, operation, kind, text, detail, outcome,
            isUnresolved);
        if (_facts.TryGetValue(key, out AccessFact? fact))
        {
            fact.Count++;
        }
        else if (_facts.Count >= _limit)
        {
            _dropped++;
            return;
        }
        else
        {
            fact = new AccessFact(who, origin);
            _facts.Add(key, fact);
            Added?.Invoke(key, fact);
        }

        if (fact.Resolved == 0 && !resolved.IsEmpty && !resolved.SequenceEqual(target))
        {
            fact.Resolved = Texts.Add(resolved);
        }
    }

    /// <summary>The processes, in the order in which they began.</summary>
    public IReadOnlyList<SeenProcess> Processes() => Lives.ToList(new AccessReader(this), OnlyPayload);

    /// <summary>Everything, in an order that does not depend on the order of lines: by operation, target, program,
    /// outcome.</summary>
    public IReadOnlyList<SeenAccess> ToList()
    {
        AccessReader reader = new(this);
        List<SeenAccess> all = new(_facts.Count);
        foreach ((AccessKey key, AccessFact fact) in _facts)
        {
            if (Twin(key) is not { } twin)
            {
                all.Add(new SeenAccess(reader.Read(key, fact), fact.Count, fact.Origin));
            }
            else if (fact.Origin < twin.Origin || (fact.Origin == twin.Origin && key.User == ProcessImage.UnknownUser))
            {
                all.Add(new SeenAccess(reader.Read(key, fact), fact.Count + twin.Count, fact.Origin));
            }
        }

        all.Sort(AccessOrder.Compare);
        return all;
    }

    /// <summary>The same access, where it was seen both before and after the recording told which user it began with.</summary>
    private AccessFact? Twin(AccessKey key) =>
        InitialUser == ProcessImage.UnknownUser ? null
        : key.User == ProcessImage.UnknownUser ? _facts.GetValueOrDefault(key with { User = InitialUser })
        : key.User == InitialUser ? _facts.GetValueOrDefault(key with { User = ProcessImage.UnknownUser })
        : null;
}
