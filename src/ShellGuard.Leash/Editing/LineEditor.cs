using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Editing;

/// <summary>The prompt. There is no history, and so no file of it; the Tab key completes names only where the configuration
/// says so.</summary>
/// <param name="terminal">Stays the caller's.</param>
/// <param name="signals">Wakes the prompt when the window changes or somebody wants the leash to end.</param>
public sealed class LineEditor(Descriptor terminal, LeashConfiguration configuration, LeashSignals signals) : ILineReader
{
    private const string PasteOn = "\e[?2004h";
    private const string PasteOff = "\e[?2004l";

    private readonly EditBuffer _buffer = new();
    private readonly KeyDecoder _decoder = new();
    private readonly Queue<Key> _keys = new();
    private bool _listing;

    public bool Next(out byte[] line)
    {
        line = [];
        if (Terminal.GetAttributes(terminal, out TerminalAttributes attributes).Failed)
        {
            return false;
        }

        Terminal.SetAttributes(terminal, attributes.AsRaw());
        Write($"\r\n{PasteOn}");
        try
        {
            _buffer.Clear();
            Draw();
            return Read(out line);
        }
        finally
        {
            Write($"{PasteOff}\r\n");
            Terminal.SetAttributes(terminal, attributes);
        }
    }

    private bool Read(out byte[] line)
    {
        line = [];
        while (true)
        {
            if (_keys.Count == 0 && !Fill())
            {
                return false;
            }

            while (_keys.TryDequeue(out Key key))
            {
                switch (key.Kind)
                {
                    case KeyKind.Enter when key.IsPasted:
                        // What was pasted behind it is the next line, and waits too.
                        HoldRest();
                        continue;
                    case KeyKind.Enter:
                        // What was typed stands on the screen, also where it came at once.
                        _buffer.End();
                        Draw();
                        line = KernelText.Encode(_buffer.Text);
                        return true;
                    case KeyKind.EndOfFile when _buffer.IsEmpty:
                        return false;
                    case KeyKind.Interrupt:
                        Draw();
                        Write("^C\r\n");
                        _buffer.Clear();
                        _keys.Clear();
                        break;
                    default:
                        Edit(key);
                        break;
                }

                _listing &= key.Kind == KeyKind.Complete;
            }

            Draw();
        }
    }

    /// <summary>Leaves the keys behind a pasted line's end for after the next Enter that a person presses.</summary>
    private void HoldRest()
    {
        Key[] rest = [.. _keys];
        _keys.Clear();
        Draw();
        while (Fill())
        {
            while (_keys.TryDequeue(out Key key))
            {
                if (key.Kind is KeyKind.Enter or KeyKind.Interrupt && !key.IsPasted)
                {
                    // First the key that decides about this line, then what was pasted behind it.
                    Key[] typed = [.. _keys];
                    _keys.Clear();
                    foreach (Key next in (Key[])[key, .. key.Kind == KeyKind.Enter ? rest : [], .. typed])
                    {
                        _keys.Enqueue(next);
                    }

                    return;
                }

                Edit(key);
            }

            Draw();
        }
    }

    /// <summary>Waits for keys.</summary>
    /// <returns>False when nobody will press any more.</returns>
    private bool Fill()
    {
        Span<byte> bytes = stackalloc byte[1024];
        PollSet poll = new(2);
        while (signals.Asked == 0)
        {
            poll.Set(0, terminal, PollEvents.POLLIN);
            poll.Set(1, signals.WakeUp.Descriptor, PollEvents.POLLIN);
            int patience = configuration.Settings.IdleTimeout is { } idle
                ? (int)Math.Min(idle.TotalMilliseconds, int.MaxValue)
                : -1;
            LinuxResult found = poll.Wait(patience);
            if (found.Failed || (found.Value == 0 && patience > 0 && poll.Found(1) == PollEvents.None))
            {
                return false;
            }

            if (poll.Found(1) != PollEvents.None)
            {
                signals.WakeUp.Clear();
                Draw();
            }

            if (poll.Found(0) == PollEvents.None)
            {
                continue;
            }

            LinuxResult read = DescriptorIo.Read(terminal, bytes);
            if (read.Failed || read.Value == 0)
            {
                // EIO: the terminal hung up, tty_ioctl(4). The signal that says so may be still on its way.
                signals.HangUp();
                return false;
            }

            foreach (Key key in _decoder.Feed(bytes[..(int)read.Value]))
            {
                _keys.Enqueue(key);
            }

            if (_keys.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Edit(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Text:
                _buffer.Insert(key.Text);
                break;
            case KeyKind.Left:
                _buffer.Left();
                break;
            case KeyKind.Right:
                _buffer.Right();
                break;
            case KeyKind.Home:
                _buffer.Home();
                break;
            case KeyKind.End:
                _buffer.End();
                break;
            case KeyKind.WordLeft:
                _buffer.WordLeft();
                break;
            case KeyKind.WordRight:
                _buffer.WordRight();
                break;
            case KeyKind.Backspace:
                _buffer.Backspace();
                break;
            case KeyKind.Delete or KeyKind.EndOfFile:
                _buffer.Delete();
                break;
            case KeyKind.BackspaceWord:
                _buffer.BackspaceWord();
                break;
            case KeyKind.DeleteWord:
                _buffer.DeleteWord();
                break;
            case KeyKind.DeleteToStart:
                _buffer.DeleteToStart();
                break;
            case KeyKind.DeleteToEnd:
                _buffer.DeleteToEnd();
                break;
            case KeyKind.Redraw:
                Write("\e[H\e[2J");
                break;
            case KeyKind.Complete when configuration.Settings.Completion:
                Complete();
                break;
        }
    }

    private void Complete()
    {
        Completion completion = Completion.Of(_buffer.Head, configuration.Entries.Select(entry => entry.Name));
        _buffer.Insert(completion.Inserted);
        if (completion is { Inserted.Length: 0, Names.Count: > 1 } && _listing)
        {
            Write($"\r\n{string.Join("  ", completion.Names.Select(SafeText.Escape))}\r\n");
        }

        _listing = true;
    }

    private void Draw()
    {
        int columns = Terminal.GetSize(terminal, out WindowSize size).Succeeded && size.Columns > 0 ? size.Columns : 80;
        Write(LineView.Draw(_buffer, columns));
    }

    private void Write(string text) => StandardStreams.Write(terminal, text);
}
