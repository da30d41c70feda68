using System.Diagnostics;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Questions for the person at the terminal. Callers wait here; the relay that was given this object shows
/// them one after the other. Questions about the same operation and target are one question. No relay yet, a relay that
/// ended, a full queue and a time-out all deny.</summary>
public sealed class TerminalQuestions : IQuestions
{
    /// <summary>How many different questions wait at once unless the caller says otherwise.</summary>
    public const int DefaultCapacity = 16;

    private const int MaximumRemembered = 4096;

    /// <summary>How long a "deny", or silence, also answers the same question, so that a program which tries again
    /// at once (every address of a name) does not ask again at once.</summary>
    private static readonly TimeSpan DenialHolds = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeSpan _timeout;
    private readonly int _capacity;
    private readonly long _start = Stopwatch.GetTimestamp();

    // All guarded by _lock.
    private readonly List<PendingQuestion> _pending = [];
    private readonly HashSet<(Operation, string)> _session = [];
    private readonly Dictionary<(Operation, string), (TimeSpan When, string By)> _denied = [];
    private bool _closed;

    /// <param name="timeout">From the call of <see cref="Ask"/>; a question that waits behind others uses it up.</param>
    /// <param name="capacity">How many different questions wait at once.</param>
    public TerminalQuestions(TimeSpan timeout, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _timeout = timeout;
        _capacity = capacity;
    }

    /// <summary>Sixty seconds.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Called when a question came or went. Set by the relay.</summary>
    internal Action? Wake { get; set; }

    internal TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <inheritdoc/>
    public Answer Ask(Access access, out string by)
    {
        PendingQuestion question;
        by = AnsweredBy.Person;
        var key = (access.Operation, access.Target);
        lock (_lock)
        {
            if (_session.Contains(key))
            {
                return Answer.Session;
            }

            if (_closed)
            {
                by = AnsweredBy.LostTerminal;
                return Answer.Deny;
            }

            if (_denied.TryGetValue(key, out (TimeSpan When, string By) denied) && Now - denied.When < DenialHolds)
            {
                by = denied.By;
                return Answer.Deny;
            }

            PendingQuestion? same = _pending.Find(
                other => other.Access.Operation == access.Operation && other.Access.Target == access.Target);
            if (same is null)
            {
                if (_pending.Count >= _capacity)
                {
                    by = AnsweredBy.FullQueue;
                    return Answer.Deny;
                }

                same = new PendingQuestion(access, Now + _timeout);
                _pending.Add(same);
            }

            question = same;
        }

        Wake?.Invoke();
        TimeSpan left = question.Deadline - Now;
        if (left <= TimeSpan.Zero || !question.Answered.Wait(left))
        {
            Silence(question);
            Wake?.Invoke();
        }

        // Complete in every case: answered by the relay, or just now.
        by = question.Answered.Result.By;
        return question.Answered.Result.Answer;
    }

    /// <summary>The dead terminal: everything that waits and all that comes is denied.</summary>
    public void Close()
    {
        PendingQuestion[] waiting;
        lock (_lock)
        {
            _closed = true;
            waiting = [.. _pending];
            _pending.Clear();
        }

        foreach (PendingQuestion question in waiting)
        {
            question.TryAnswer(Answer.Deny, AnsweredBy.LostTerminal);
        }
    }

    /// <summary>The question to show, and how many wait behind it; null when there is none.</summary>
    internal PendingQuestion? Current(out int behind)
    {
        lock (_lock)
        {
            behind = Math.Max(0, _pending.Count - 1);
            return _pending.Count > 0 ? _pending[0] : null;
        }
    }

    /// <summary>The person answered.</summary>
    internal void Resolve(PendingQuestion question, Answer answer)
    {
        var key = (question.Access.Operation, question.Access.Target);
        lock (_lock)
        {
            // An answer that came as the time ran out is too late; the program was told no.
            if (!question.TryAnswer(answer, AnsweredBy.Person))
            {
                return;
            }

            _pending.Remove(question);
            if (answer is Answer.Session or Answer.Always && _session.Count < MaximumRemembered)
            {
                _session.Add(key);
            }
            else if (answer == Answer.Deny)
            {
                Remember(key, AnsweredBy.Person);
            }
        }
    }

    private void Silence(PendingQuestion question)
    {
        lock (_lock)
        {
            _pending.Remove(question);
            if (question.TryAnswer(Answer.Deny, AnsweredBy.TimeOut))
            {
                Remember((question.Access.Operation, question.Access.Target), AnsweredBy.TimeOut);
            }
        }
    }

    /// <summary>Under the lock.</summary>
    private void Remember((Operation, string) denied, string by)
    {
        if (_denied.Count >= MaximumRemembered)
        {
            _denied.Clear();
        }

        _denied[denied] = (Now, by);
    }
}
