using System.Buffers.Binary;
using ShellGuard.Linux;

namespace ShellGuard.Audit.Tracing;

/// <summary>Writes calls as strace -f -ttt -yy does, so that what we record can be read by people, by what reads strace,
/// and by our own importer: there is one way from a call to an access.</summary>
internal static partial class CallWriter
{
    private const int AT_FDCWD = -100;

    /// <summary>O_CREAT, and what is only in O_TMPFILE: an open that needs a mode.</summary>
    private const ulong Creating = 0x400040;

    /// <summary>The longest path that the kernel takes, with its NUL.</summary>
    private const int PathMax = 4096;

    /// <summary>Begins a line: which thread, when, what call with which arguments. The end comes when the call is over.
    /// </summary>
    /// <param name="arguments">As the registers have them, or what they point to.</param>
    /// <param name="size">Bytes of a pointer of the program.</param>
    /// <param name="time">When, in microseconds since 1970.</param>
    public static void Begin(TracedThread thread, CallView view, TracedCall call, ReadOnlySpan<ulong> arguments, int size,
        long time)
    {
        LineBuffer line = thread.Line;
        BeginLine(line, thread.Id, time);
        line.Add(call.Name);
        line.Add((byte)'(');
        for (int i = 0; i < call.Forms.Length; i++)
        {
            if (call.Forms[i] == ArgumentForm.Mode && call.Forms[i - 1] == ArgumentForm.OpenFlags && (arguments[i - 1] & Creating) == 0)
            {
                break;
            }

            if (i > 0)
            {
                line.Add(", "u8);
            }

            ulong value = arguments[i];
            ArgumentForm form = call.Forms[i];
            if (form == ArgumentForm.DirectoryFd && i + 1 < call.Forms.Length && call.Forms[i + 1] == ArgumentForm.PathName)
            {
                AddDirectoryAndPath(view, (int)value, arguments[++i], line);
            }
            else if (form is ArgumentForm.SocketAddress)
            {
                AddSocketAddress(view, value, (int)arguments[i + 1], line);
            }
            else if (form is ArgumentForm.Messages)
            {
                AddMessages(view, value, (uint)arguments[i + 1], size, line);
            }
            else if (form == ArgumentForm.Capability && call.Forms[0] == ArgumentForm.ProcessOption)
            {
                AddProcessOption((uint)arguments[0], i, value, line);
            }
            else
            {
                Add(view, form, value, size, line);
            }
        }
    }

    /// <summary>Microseconds since 1970.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The thread and the time, as <c>strace -f -ttt</c> begins a line.</summary>
    public static void BeginLine(LineBuffer line, int thread, long time)
    {
        line.Clear();
        line.Add(thread);
        line.Add((byte)' ');
        line.Add(time / 1_000_000);
        line.Add((byte)'.');
        long rest = time % 1_000_000;
        for (long digit = 100_000; digit > 0; digit /= 10)
        {
            line.Add((byte)('0' + (rest / digit % 10)));
        }

        line.Add((byte)' ');
    }

    /// <summary>Ends the line with what the call returned.</summary>
    /// <param name="value">A result, or minus an error number.</param>
    public static void End(TracedThread thread, CallView view, TracedCall call, long value)
    {
        LineBuffer line = thread.Line;
        line.Add(") = "u8);
        if (value is < 0 and > -512)
        {
            Errno error = (Errno)(-value);
            line.Add("-1 "u8);
            line.Add(Enum.IsDefined(error) ? error.ToString() : $"(errno {-value})");
        }
        else if (value is < 0 and >= -516)
        {
            line.Add("? ERESTARTSYS (To be restarted)"u8);
        }
        else
        {
            line.Add(value);
            if (call.ReturnsFile)
            {
                AddDescriptorName(view, (int)value, line);
            }
        }
    }

    private static void Add(CallView view, ArgumentForm form, ulong value, int size, LineBuffer line)
    {
        switch (form)
        {
            case ArgumentForm.Number or ArgumentForm.Capability:
                line.Add((int)value);
                break;
            case ArgumentForm.Mode:
                line.Add((byte)'0');
                line.Add(Convert.ToString((int)value & 0xffff, 8));
                break;
            case ArgumentForm.Address or ArgumentForm.Variables:
                AddPointer(value, line);
                break;
            case ArgumentForm.Text or ArgumentForm.PathName:
                AddText(view, value, line);
                break;
            case ArgumentForm.DirectoryFd or ArgumentForm.Descriptor:
                line.Add((int)value);
                AddDescriptorName(view, (int)value, line);
                break;
            case ArgumentForm.Socket:
                line.Add((int)value);
                AddSocketName(view, (int)value, line);
                break;
            case ArgumentForm.OpenFlags:
                AddOpenFlags((uint)value, line);
                break;
            case ArgumentForm.OpenHow:
                AddOpenHow(view, value, line);
                break;
            case ArgumentForm.Arguments:
                AddArguments(view, value, size, line);
                break;
            case ArgumentForm.Message:
                AddMessage(view, value, size, line);
                break;
            default:
                AddConstant(form, (uint)value, line);
                break;
        }
    }

    private static void AddDirectoryAndPath(CallView view, int directory, ulong address, LineBuffer line)
    {
        bool known = view.TryText(address, out ReadOnlySpan<byte> path, out _);
        if (directory == AT_FDCWD)
        {
            line.Add("AT_FDCWD"u8);
        }
        else
        {
            line.Add(directory);
        }

        if (!known || !path.StartsWith("/"u8))
        {
            AddDescriptorName(view, directory, line);
        }

        line.Add(", "u8);
        if (known)
        {
            AddQuoted(path[..Math.Min(path.Length, PathMax)], isCut: false, line);
        }
        else
        {
            AddPointer(address, line);
        }
    }

    /// <summary>What a descriptor is open on, between angle brackets; nothing where there is no such descriptor.</summary>
    private static void AddDescriptorName(CallView view, int descriptor, LineBuffer line)
    {
        if (descriptor < 0 && descriptor != AT_FDCWD)
        {
            return;
        }

        if (view.Link(descriptor) is not { } target)
        {
            return;
        }

        ReadOnlySpan<byte> name = target;
        bool deleted = name.StartsWith("/"u8) && name.EndsWith(" (deleted)"u8);
        line.Add((byte)'<');
        line.AddEscaped(deleted ? name[..^" (deleted)"u8.Length] : name, isName: true);
        line.Add((byte)'>');
        if (deleted)
        {
            line.Add("(deleted)"u8);
        }
    }

    private static void AddText(CallView view, ulong address, LineBuffer line)
    {
        if (address != 0 && view.TryText(address, out ReadOnlySpan<byte> text, out bool isCut))
        {
            AddQuoted(text, isCut, line);
        }
        else
        {
            AddPointer(address, line);
        }
    }

    private static void AddArguments(CallView view, ulong address, int size, LineBuffer line)
    {
        if (address == 0 || !view.TryWord(address, size, out ulong at))
        {
            AddPointer(address, line);
            return;
        }

        line.Add((byte)'[');
        int start = line.Length;
        for (uint i = 0; at != 0; i++)
        {
            if (i > 0)
            {
                line.Add(", "u8);
            }

            if (line.Length - start > CallView.MaxText)
            {
                line.Add("..."u8);
                break;
            }

            AddText(view, at, line);
            if (!view.TryWord(address + ((i + 1) * (ulong)size), size, out at))
            {
                line.Add(", ..."u8);
                break;
            }
        }

        line.Add((byte)']');
    }

    /// <summary><c>struct open_how</c>, openat2(2).</summary>
    private static void AddOpenHow(CallView view, ulong address, LineBuffer line)
    {
        Span<byte> how = stackalloc byte[24];
        if (!view.TryRead(address, how))
        {
            AddPointer(address, line);
            return;
        }

        line.Add("{flags="u8);
        AddOpenFlags((uint)BinaryPrimitives.ReadUInt64LittleEndian(how), line);
        line.Add(", mode=0"u8);
        line.Add(Convert.ToString((long)BinaryPrimitives.ReadUInt64LittleEndian(how[8..]), 8));
        line.Add(", resolve="u8);
        line.AddHex(BinaryPrimitives.ReadUInt64LittleEndian(how[16..]));
        line.Add((byte)'}');
    }

    private static void AddQuoted(ReadOnlySpan<byte> text, bool isCut, LineBuffer line)
    {
        line.Add((byte)'"');
        line.AddEscaped(text);
        line.Add((byte)'"');
        if (isCut)
        {
            line.Add("..."u8);
        }
    }

    private static void AddPointer(ulong address, LineBuffer line)
    {
        if (address == 0)
        {
            line.Add("NULL"u8);
        }
        else
        {
            line.AddHex(address);
        }
    }
}
