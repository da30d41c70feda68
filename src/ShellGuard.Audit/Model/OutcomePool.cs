using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>Each distinct outcome once, by a number.</summary>
internal sealed class OutcomePool
{
    public const int Unknown = 0;
    public const int Success = 1;

    /// <summary>Bytes of an error's name. Those of Linux have 21 at most, and one without a name is <c>errno 4711</c>.</summary>
    public const int LongestError = 24;

    /// <summary>Bytes of names kept: a hostile log has no end of them.</summary>
    private const long MaxBytes = 64 * 1024;

    private readonly TextPool _names = new(MaxBytes);
    private readonly List<Outcome> _outcomes = [Outcome.Unknown, Outcome.Success];

    public Outcome this[int number] => _outcomes[number];

    /// <summary>Errors that are not kept, because there were too many, or because it is no error's name.</summary>
    public long Dropped { get; private set; }

    /// <param name="error">The error's name; not empty.</param>
    /// <returns><see cref="Unknown"/> where it cannot be kept.</returns>
    public int Add(ReadOnlySpan<byte> error)
    {
        // The pool's number 0 is the empty text, which no error is, or a full pool's answer: numbers here are one higher.
        int number = error.Length <= LongestError ? _names.Add(error) : 0;
        if (number++ == 0)
        {
            Dropped++;
            return Unknown;
        }

        if (number == _outcomes.Count)
        {
            _outcomes.Add(Outcome.Of(Encoding.UTF8.GetString(error)));
        }

        return number;
    }
}
