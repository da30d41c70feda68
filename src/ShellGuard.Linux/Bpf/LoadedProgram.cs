using System.Buffers.Binary;
using System.Text;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Bpf;

/// <summary>A program that the kernel verified, translated and holds for us. Closing it, or our end, removes it.</summary>
public sealed unsafe class LoadedProgram : Descriptor
{
    /// <summary>Bytes of the verifier's log: its end says why.</summary>
    private const int LogSize = 1 << 20;

    private LoadedProgram(int number)
        : base(number)
    {
    }

    /// <summary>Loads a program.</summary>
    /// <param name="name">Up to 15 letters, shown by tools.</param>
    /// <param name="maps">Those that the program names by number.</param>
    /// <param name="loaded">To be disposed.</param>
    /// <param name="log">What the verifier said, where it refused; else empty.</param>
    /// <returns>EPERM without the right to; EACCES or EINVAL when the verifier refuses.</returns>
    public static LinuxResult Load(
        BPF_PROG_TYPE type, string name, BpfProgram program, IReadOnlyList<BpfMap> maps, out LoadedProgram? loaded, out string log)
    {
        log = "";
        LinuxResult result = Load(type, name, program, maps, null, out loaded);
        if (result.Error is Errno.EACCES or Errno.EINVAL or Errno.E2BIG)
        {
            // Once more for the reason: a log costs more than the program.
            byte[] text = new byte[LogSize];
            LinuxResult again = Load(type, name, program, maps, text, out loaded);
            if (again.Succeeded)
            {
                return again;
            }

            // The second attempt may fail because the log is full, which is no reason.
            int end = text.AsSpan().IndexOf((byte)0);
            log = Encoding.ASCII.GetString(text, 0, end < 0 ? text.Length : end);
        }

        return result;
    }

    /// <summary>Lets it run at a tracepoint, until the result is disposed.</summary>
    /// <param name="tracepoint">Its name, for example <c>sys_enter</c>.</param>
    public LinuxResult Attach(string tracepoint, out Descriptor link)
    {
        byte[] name = [.. Encoding.ASCII.GetBytes(tracepoint), 0];
        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();

        // SAFETY: the kernel reads the name up to its NUL while the array is pinned.
        fixed (byte* bytes = name)
        {
            BpfCall.Put(attributes, bpf_attr.raw_tracepoint_name, (ulong)bytes);
            BpfCall.Put(attributes, bpf_attr.raw_tracepoint_prog_fd, Number);
            LinuxResult result = BpfCall.Do(BPF_CMD.RAW_TRACEPOINT_OPEN, attributes, tracepoint);
            link = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
            return result;
        }
    }

    /// <summary>How often it did not run because the same processor ran it already.</summary>
    public LinuxResult ReadMisses(out ulong misses)
    {
        Span<byte> info = stackalloc byte[bpf_attr.prog_info_recursion_misses + sizeof(ulong)];
        info.Clear();
        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();

        // SAFETY: the kernel writes at most as many bytes as it is told, which is the buffer.
        fixed (byte* bytes = info)
        {
            BpfCall.Put(attributes, bpf_attr.info_bpf_fd, Number);
            BpfCall.Put(attributes, bpf_attr.info_len, info.Length);
            BpfCall.Put(attributes, bpf_attr.info, (ulong)bytes);
            LinuxResult result = BpfCall.Do(BPF_CMD.OBJ_GET_INFO_BY_FD, attributes, "a program");
            misses = BinaryPrimitives.ReadUInt64LittleEndian(info[bpf_attr.prog_info_recursion_misses..]);
            return result;
        }
    }

    private static LinuxResult Load(
        BPF_PROG_TYPE type, string name, BpfProgram program, IReadOnlyList<BpfMap> maps, byte[]? log, out LoadedProgram? loaded)
    {
        bpf_insn[] code = [.. program.Instructions];
        foreach ((int position, int map) in program.Maps)
        {
            code[position].imm = maps[map].Number;
        }

        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();
        BpfCall.Put(attributes, bpf_attr.prog_type, (int)type);
        BpfCall.Put(attributes, bpf_attr.insn_cnt, code.Length);
        BpfCall.PutName(attributes, bpf_attr.prog_name, name);

        FunctionTypes functions = new(program);
        LinuxResult described = Describe(functions, out Descriptor types);
        using Descriptor description = types;
        if (described.Failed)
        {
            loaded = null;
            return described;
        }

        // What the kernel asks of programs that read its memory: the functions for it are for such licences only. Ours
        // (Apache 2.0) is dual for this one part.
        ReadOnlySpan<byte> license = "Dual BSD/GPL\0"u8;

        // SAFETY: the kernel reads the instructions, the licence and the functions, and writes at most log_size bytes of log; all are
        // pinned across the call.
        fixed (bpf_insn* instructions = code)
        fixed (byte* licence = license)
        fixed (byte* entries = functions.Entries)
        fixed (byte* text = log)
        {
            BpfCall.Put(attributes, bpf_attr.prog_btf_fd, types.Number);
            BpfCall.Put(attributes, bpf_attr.func_info_rec_size, FunctionTypes.EntrySize);
            BpfCall.Put(attributes, bpf_attr.func_info, (ulong)entries);
            BpfCall.Put(attributes, bpf_attr.func_info_cnt, functions.Entries.Length / FunctionTypes.EntrySize);
            BpfCall.Put(attributes, bpf_attr.insns, (ulong)instructions);
            BpfCall.Put(attributes, bpf_attr.license, (ulong)licence);
            if (log is not null)
            {
                BpfCall.Put(attributes, bpf_attr.log_level, 1);
                BpfCall.Put(attributes, bpf_attr.log_size, log.Length);
                BpfCall.Put(attributes, bpf_attr.log_buf, (ulong)text);
            }

            LinuxResult result = BpfCall.Do(BPF_CMD.PROG_LOAD, attributes, $"program {name}");
            loaded = result.Failed ? null : new LoadedProgram((int)result.Value);
            GC.KeepAlive(maps);
            return result;
        }
    }

    private static LinuxResult Describe(FunctionTypes functions, out Descriptor types)
    {
        byte[] description = functions.Description;
        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();

        // SAFETY: the kernel reads so many bytes of the description, which is pinned across the call.
        fixed (byte* bytes = description)
        {
            BpfCall.Put(attributes, bpf_attr.btf, (ulong)bytes);
            BpfCall.Put(attributes, bpf_attr.btf_size, description.Length);
            LinuxResult result = BpfCall.Do(BPF_CMD.BTF_LOAD, attributes, "types of a program");
            types = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
            return result;
        }
    }
}
