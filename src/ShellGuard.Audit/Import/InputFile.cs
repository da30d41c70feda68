using ShellGuard.Audit.Import.Packing;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>An input that is open: unpacked where it is gzip or xz, hashed as it lies on the disk.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly HashingStream _raw;
    private readonly Stream _content;

    private InputFile(string name, HashingStream raw, Stream content)
    {
        (Name, _raw, _content) = (name, raw, content);
        Lines = new LineReader(content);
    }

    public string Name { get; }

    public LineReader Lines { get; }

    /// <summary>Bytes read from the disk.</summary>
    public long Count => _raw.Count;

    /// <summary>Begins to read an input, which stays open behind it.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public static InputFile Open(OpenInput input)
    {
        string path = input.Name;
        HashingStream raw = new(input.Content());
        byte[] head = new byte[6];
        int length;
        try
        {
            length = raw.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {failure.Message.TrimEnd('.')}");
        }

        PrefixedStream whole = new(head, length, raw);
        ReadOnlySpan<byte> magic = head.AsSpan(0, length);
        string? packer = magic.StartsWith((byte[])[0x28, 0xb5, 0x2f, 0xfd]) ? "zstd -dc"
            : magic.StartsWith("BZh"u8) ? "bzip2 -dc"
            : null;
        if (packer is not null)
        {
            whole.Dispose();
            throw new ImportException(
                $"{path} is packed in a way that is not read here: {packer} {path} | shellguard import -");
        }

        Stream content = magic.StartsWith((byte[])[0x1f, 0x8b]) ? new GunzipStream(whole)
            : magic.SequenceEqual((byte[])[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) ? new XzStream(path, whole)
            : whole;
        return new InputFile(path, raw, content);
    }

    /// <summary>What was read, with the hash where all of it was.</summary>
    public ImportedInput Finish(TraceFormat format, bool isWhole, TraceClock clock = TraceClock.None, RecordedKernel? kernel = null) =>
        new(Name, format, _raw.Count, Lines.Number, isWhole ? _raw.Finish() : null) { Clock = clock, Kernel = kernel };

    public void Dispose() => _content.Dispose();
}
