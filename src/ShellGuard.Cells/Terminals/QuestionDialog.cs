using ShellGuard.Cells.Supervision;

namespace ShellGuard.Cells.Terminals;

/// <summary>Decides whether what arrives from the keyboard is an answer. A key counts when the person can have read the
/// question: only after a time without any input since it appeared, alone (a paste is many bytes), and not as part of
/// an escape sequence (a function key, or the terminal's answer to something that the cell wrote before).</summary>
internal sealed class QuestionDialog(TimeSpan opened)
{
    /// <summary>This long nothing may be typed before a key counts. Whoever types into a program when the question
    /// appears is still typing; the answer shall not be the next letter.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(600);

    private readonly byte[] _scratch = new byte[4096 + TerminalStream.Slack];
    private TerminalStream _input = new(filter: false);
    private TimeSpan _quietSince = opened;

    internal TimeSpan ArmedAt => _quietSince + Quiet;

    internal bool IsArmed(TimeSpan now) => now >= ArmedAt;

    /// <summary>Takes what one read gave.</summary>
    /// <returns>The answer, or null when this was none.</returns>
    internal Answer? Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        bool armed = IsArmed(now);
        if (armed)
        {
            // A key that was held back as the beginning of a sequence (Esc) is over by now.
            _input = new TerminalStream(filter: false);
        }

        bool between = _input.IsGround;
        for (int start = 0; start < bytes.Length; start += 4096)
        {
            _ = _input.Process(bytes.Slice(start, Math.Min(4096, bytes.Length - start)), _scratch);
        }

        Answer? answer = bytes.Length == 1 && armed && between
            ? bytes[0] switch
            {
                (byte)'o' or (byte)'O' => Answer.Once,
                (byte)'s' or (byte)'S' => Answer.Session,
                (byte)'a' or (byte)'A' => Answer.Always,
                (byte)'d' or (byte)'D' or 0x03 => Answer.Deny,
                _ => null,
            }
            : null;
        if (answer is null)
        {
            _quietSince = now;
        }

        return answer;
    }
}
