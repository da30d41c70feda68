using System.Security.Cryptography;

namespace ShellGuard.Core.Events;

/// <summary>A program's arguments, bounded: a kernel lets a program pass megabytes in millions of arguments.</summary>
public sealed class ArgumentVector
{
    /// <summary>Arguments kept.</summary>
    public const int MaxArguments = 512;

    /// <summary>Bytes kept of all arguments together.</summary>
    public const int MaxBytes = 32 * 1024;

    public static readonly ArgumentVector Empty = new([], 0, 0, null, isCut: false);

    private ArgumentVector(IReadOnlyList<HostileText> kept, long count, long bytes, string? sha256, bool isCut)
    {
        IsCut = isCut;
        Kept = kept;
        Count = count;
        Bytes = bytes;
        Sha256 = sha256;
    }

    /// <summary>The first arguments, each possibly truncated by itself.</summary>
    public IReadOnlyList<HostileText> Kept { get; }

    /// <summary>How many arguments there were.</summary>
    public long Count { get; }

    /// <summary>How many bytes there were, without terminators.</summary>
    public long Bytes { get; }

    /// <summary>SHA-256 of all arguments, each followed by NUL, in lower-case hex, where anything was left out; else
    /// null.</summary>
    public string? Sha256 { get; }

    /// <summary>The recording shows a part of the arguments only, and nobody knows the rest.</summary>
    public bool IsCut { get; }

    /// <summary>Whether <see cref="Kept"/> is everything that the program was given: only then it may be run, compared or
    /// allowed as a command.</summary>
    public bool IsWhole => !IsCut && Sha256 is null;

    /// <param name="arguments">Each without its terminator.</param>
    /// <param name="isCut">See <see cref="IsCut"/>.</param>
    public static ArgumentVector Of(IReadOnlyList<byte[]> arguments, bool isCut = false)
    {
        List<HostileText> kept = new(Math.Min(arguments.Count, MaxArguments));
        int room = MaxBytes;
        long bytes = 0;
        bool whole = arguments.Count <= MaxArguments;
        foreach (byte[] argument in arguments)
        {
            bytes += argument.Length;
            if (kept.Count < MaxArguments && room > 0)
            {
                HostileText text = HostileText.Of(argument, Math.Min(HostileText.DefaultLimit, room));
                room -= text.Kept.Length;
                whole &= !text.IsTruncated;
                kept.Add(text);
            }
            else
            {
                whole = false;
            }
        }

        return new ArgumentVector(kept, arguments.Count, bytes, whole ? null : Digest(arguments), isCut);
    }

    public static ArgumentVector Of(params IEnumerable<string> arguments) =>
        Of([.. arguments.Select(System.Text.Encoding.UTF8.GetBytes)]);

    /// <summary>Puts together again what a journal stored.</summary>
    public static ArgumentVector Restore(IReadOnlyList<HostileText> kept, long count, long bytes, string? sha256, bool isCut = false) =>
        new(kept, count, bytes, sha256, isCut);

    /// <summary>Whether both say the same of what a program was given.</summary>
    public bool IsSameAs(ArgumentVector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Count != other.Count || Sha256 != other.Sha256 || IsCut != other.IsCut || Kept.Count != other.Kept.Count)
        {
            return false;
        }

        for (int index = 0; index < Kept.Count; index++)
        {
            if (!Kept[index].Equals(other.Kept[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Digest(IReadOnlyList<byte[]> arguments)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] argument in arguments)
        {
            hash.AppendData(argument);
            hash.AppendData([0]);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}
