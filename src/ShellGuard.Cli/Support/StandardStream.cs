using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cli.Support;

/// <summary>A standard descriptor as it is. .NET's own console stream would, on a terminal, switch the keypad to
/// application mode with the first byte and never back.</summary>
internal sealed class StandardStream : Stream
{
    private const int Forever = -1;

    private readonly Descriptor _descriptor;
    private readonly bool _mayFail;

    /// <param name="number">0, 1 or 2.</param>
    /// <param name="mayFail">Whether what cannot be written is dropped: for standard error, behind which there is
    /// nobody left to tell.</param>
    public StandardStream(int number, bool mayFail)
    {
        _mayFail = mayFail;

        // A closed one shows at the first write.
        _ = DescriptorIo.Duplicate(number, out _descriptor);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        Span<short> events = stackalloc short[1];
        while (true)
        {
            LinuxResult read = DescriptorIo.Read(_descriptor, buffer.AsSpan(offset, count));
            if (read.Error == Errno.EAGAIN)
            {
                // Somebody who shares the pipe made it so that it does not block; there is an end only when read says 0.
                LinuxResult ready = Sockets.Poll([_descriptor], SocketConstants.POLLIN, Forever, events);
                read = ready.Failed ? ready : read;
            }

            if (read.Succeeded)
            {
                return (int)read.Value;
            }

            if (read.Error != Errno.EAGAIN)
            {
                throw new IOException($"{read.Error}");
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="OutputException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            LinuxResult written = DescriptorIo.Write(_descriptor, buffer);
            if (written.Error == Errno.EAGAIN)
            {
                // Somebody who shares the terminal or pipe made it so that it does not block.
                Thread.Sleep(1);
                continue;
            }

            if (written.Failed)
            {
                if (_mayFail)
                {
                    return;
                }

                throw new OutputException(written);
            }

            buffer = buffer[(int)written.Value..];
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _descriptor.Dispose();
        }

        base.Dispose(disposing);
    }
}
