using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>Each distinct outcome once, by a number.</summary>
internal sealed class OutcomePool
{
    public const int Unknown = 0;
    public const int Success = 1;

    private readonly TextPool _names = new();
    private readonly List<Outcome> _outcomes = [Outcome.Unknown, Outcome.Success];

    public Outcome this[int number] => _outcomes[number];

    /// <param name="error">The error's name; not empty.</param>
    public int Add(ReadOnlySpan<byte> error)
    {
        // The pool's number 0 is the empty text, which no error is: numbers here are one higher.
        int number = _names.Add(error) + 1;
        if (number == _outcomes.Count)
        {
            _outcomes.Add(Outcome.Of(Encoding.UTF8.GetString(error)));
        }

        return number;
    }
}
