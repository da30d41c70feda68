using ShellGuard.Linux;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Bytes: two buffers, each filled only when there is room, so that a slow reader slows its writer.</summary>
public sealed partial class TerminalRelay
{
    // The line discipline hands out 4 KiB at most at a time; signals and input get their turn after so many.
    private const int ReadsInARow = 32;
    private const int BlockingWrite = 1024;

    private readonly byte[] _read = new byte[BufferSize];
    private readonly byte[] _out = new byte[BufferSize + TerminalStream.Slack];
    private readonly byte[] _in = new byte[BufferSize];
    private int _outStart;
    private int _outLength;
    private int _inStart;
    private int _inLength;
    private byte[]? _extra;
    private bool _userWritable;
    private bool _hungUp;
    private TimeSpan _hungUpUntil;
    private TimeSpan _lastAnswerExpected = TimeSpan.MinValue;

    /// <summary>What a byte can become: three where only what draws passes, and ten more where the last row is kept.</summary>
    private int Growth => _stream.Row is not null ? 16 : _sanitizer is not null ? 4 : 1;

    private int InputRoom => BufferSize - _inLength;

    /// <returns>Whether anything came.</returns>
    private bool ReadMaster()
    {
        bool any = false;
        for (int reads = 0; reads < ReadsInARow && _outLength == 0 && _question is null && !_hungUp; reads++)
        {
            LinuxResult result = DescriptorIo.Read(_master, _read.AsSpan(0, BufferSize / Growth));
            if (result.Error == Errno.EAGAIN)
            {
                break;
            }

            if (result.Error == Errno.EIO || result is { Succeeded: true, Value: 0 })
            {
                HangUp();
                break;
            }

            result.OrThrow();
            any = true;
            ReadOnlySpan<byte> chunk = _read.AsSpan(0, (int)result.Value);
            if (!_user.Interactive)
            {
                // Packet mode: a first byte that is not 0 says what happened to the slave and comes alone.
                if (chunk[0] != 0)
                {
                    FollowProgram();
                    continue;
                }

                chunk = chunk[1..];
            }

            Show(chunk);
            FlushOutput();
        }

        return any;
    }

    private void Show(ReadOnlySpan<byte> chunk)
    {
        _outStart = 0;
        _outLength = _stream.Process(Drawing(chunk), _out);
        if (_stream.AnswerExpected)
        {
            _stream.AnswerExpected = false;
            _lastAnswerExpected = Now;
        }

        AppendLabel();
        if (_outLength > 0)
        {
            _options.Tap?.Output(_out.AsSpan(0, _outLength));
        }
    }

    private void HangUp()
    {
        // Nobody has the slave open; somebody may open /dev/tty again.
        if (_options.EndOnHangUp || _cellEnded)
        {
            _hungUp = true;
            _outStart = 0;
            _outLength = _stream.Finish(_out);
        }

        _hungUpUntil = Now + TimeSpan.FromMilliseconds(100);
        _inLength = 0;
    }

    /// <summary>Writes of our own, behind what the cell wrote.</summary>
    private void Write(byte[] bytes, bool recorded)
    {
        if (recorded)
        {
            _options.Tap?.Output(bytes);
        }

        _extra = _extra is null ? bytes : [.. _extra, .. bytes];
        FlushOutput();
    }

    private bool OutputIsEmpty => _outLength == 0 && _extra is null;

    private void FlushOutput()
    {
        while (_end is not RelayEnd.TerminalLost && (!_user.Blocking || _userWritable))
        {
            if (_outLength == 0)
            {
                if (_extra is null)
                {
                    return;
                }

                int take = Math.Min(_extra.Length, _out.Length);
                _extra.AsSpan(0, take).CopyTo(_out);
                _extra = take == _extra.Length ? null : _extra[take..];
                _outStart = 0;
                _outLength = take;
            }

            // A terminal that blocks takes a little at a time, and only after poll(2) said that it takes something.
            int length = _user.Blocking ? Math.Min(_outLength, BlockingWrite) : _outLength;
            LinuxResult result = DescriptorIo.Write(_user.Descriptor, _out.AsSpan(_outStart, length));
            if (result.Error == Errno.EAGAIN)
            {
                return;
            }

            if (result.Failed)
            {
                _end = RelayEnd.TerminalLost;
                return;
            }

            _outStart += (int)result.Value;
            _outLength -= (int)result.Value;
            _userWritable = false;
        }
    }

    private void ReadUser(TimeSpan now)
    {
        if (!MayRead())
        {
            _noReadUntil = now + Recheck;
            return;
        }

        if (_question is not null)
        {
            ReadAnswer(now);
            return;
        }

        if (InputRoom == 0)
        {
            return;
        }

        MakeRoom();
        int start = _inStart + _inLength;
        LinuxResult result = DescriptorIo.Read(_user.Descriptor, _in.AsSpan(start));
        if (result.Error is Errno.EAGAIN)
        {
            return;
        }

        if (result.Failed)
        {
            _end = RelayEnd.TerminalLost;
            return;
        }

        if (result.Value == 0)
        {
            EndOfInput();
            return;
        }

        _inLength += (int)result.Value;
        TellInterrupts(_in.AsSpan(start, (int)result.Value));
        _options.Tap?.Input(_in.AsSpan(start, (int)result.Value));
        FlushInput();
    }

    // In a line discipline that edits lines, no bytes mean Ctrl-D; in any other, that the terminal hung up.
    private void EndOfInput()
    {
        if (Terminal.GetAttributes(_user.Descriptor, out TerminalAttributes attributes).Failed || _raw)
        {
            _end = RelayEnd.TerminalLost;
        }
        else if (attributes.Canonical && Terminal.GetAttributes(_master, out TerminalAttributes cell).Succeeded)
        {
            Type(cell.EndOfFile);
        }
    }

    /// <summary>Puts a character into the cell's input, behind what was typed.</summary>
    private void Type(byte character)
    {
        MakeRoom();
        if (InputRoom > 0)
        {
            _in[_inStart + _inLength++] = character;
        }

        FlushInput();
    }

    private void MakeRoom()
    {
        if (_inStart > 0)
        {
            _in.AsSpan(_inStart, _inLength).CopyTo(_in);
            _inStart = 0;
        }
    }

    private void FlushInput()
    {
        while (_inLength > 0)
        {
            LinuxResult result = DescriptorIo.Write(_master, _in.AsSpan(_inStart, _inLength));
            if (result.Error == Errno.EAGAIN)
            {
                return;
            }

            if (result.Error == Errno.EIO)
            {
                // No program has the slave open. What is typed to nobody is lost, as on any terminal.
                _inLength = 0;
                return;
            }

            int written = (int)result.OrThrow();
            _inStart = written == _inLength ? 0 : _inStart + written;
            _inLength -= written;
            if (written == 0)
            {
                return;
            }
        }
    }
}
