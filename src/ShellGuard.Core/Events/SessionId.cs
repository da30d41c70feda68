using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Core.Events;

/// <summary>A session's name: exactly 16 characters of <c>0-9</c> and <c>a-z</c> without i, l, o and u. It is used in
/// paths, so nothing else is ever accepted: no dot, no slash, no other length (path traversal by a session id was a
/// hole of sudo_logsrvd). The first seven characters are the start's second, so that names sort by time.</summary>
public sealed record SessionId : IComparable<SessionId>
{
    public const int Length = 16;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeCharacters = 7;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    private SessionId(string text) => Text = text;

    public string Text { get; }

    /// <summary>The second in which the session started, as the name tells it.</summary>
    public DateTimeOffset Start
    {
        get
        {
            long seconds = 0;
            foreach (char character in Text.AsSpan(0, TimeCharacters))
            {
                seconds = (seconds << 5) | (long)Alphabet.IndexOf(character, StringComparison.Ordinal);
            }

            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
    }

    /// <summary>Builds a name from the start and at least 45 random bits.</summary>
    /// <param name="start">Not before 1970; 35 bits of seconds.</param>
    /// <param name="random">The low 45 bits are used.</param>
    public static SessionId From(DateTimeOffset start, ulong random)
    {
        ulong seconds = (ulong)Math.Max(0, start.ToUnixTimeSeconds());
        Span<char> text = stackalloc char[Length];
        for (int index = TimeCharacters - 1; index >= 0; index--)
        {
            text[index] = Alphabet[(int)(seconds & 31)];
            seconds >>= 5;
        }

        for (int index = Length - 1; index >= TimeCharacters; index--)
        {
            text[index] = Alphabet[(int)(random & 31)];
            random >>= 5;
        }

        return new SessionId(new string(text));
    }

    /// <summary>Accepts a name of the exact form and nothing else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SessionId? session)
    {
        session = null;
        if (text is null || text.Length != Length || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            return false;
        }

        session = new SessionId(text);
        return true;
    }

    public int CompareTo(SessionId? other) => string.CompareOrdinal(Text, other?.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    public static bool operator <(SessionId? left, SessionId? right) => Compare(left, right) < 0;

    public static bool operator >(SessionId? left, SessionId? right) => Compare(left, right) > 0;

    public static bool operator <=(SessionId? left, SessionId? right) => Compare(left, right) <= 0;

    public static bool operator >=(SessionId? left, SessionId? right) => Compare(left, right) >= 0;

    private static int Compare(SessionId? left, SessionId? right) => string.CompareOrdinal(left?.Text, right?.Text);
}
