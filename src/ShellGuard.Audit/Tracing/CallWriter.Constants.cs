using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing;

/// <summary>Constants by their names.</summary>
internal static partial class CallWriter
{
    private static void AddConstant(ArgumentForm form, uint value, LineBuffer line)
    {
        switch (form)
        {
            case ArgumentForm.Protection:
                AddNames(value, FlagNames.Protection, "PROT_NONE", line);
                break;
            case ArgumentForm.Namespaces:
                AddNames(value, FlagNames.Namespaces, "0", line);
                break;
            case ArgumentForm.ProcessOption:
                AddName(value, FlagNames.ProcessOptions, line);
                break;
            case ArgumentForm.TraceRequest:
                AddName(value, FlagNames.TraceRequests, line);
                break;
            case ArgumentForm.SeccompMode:
                AddName(value, FlagNames.SeccompModes, line);
                break;
            case ArgumentForm.BpfCommand:
                AddName(value, FlagNames.BpfCommands, line);
                break;
            case ArgumentForm.Family:
                AddName(value, FlagNames.Families, line);
                break;
            case ArgumentForm.SocketType:
                AddName(value & 0xf, FlagNames.SocketTypes, line);
                if ((value & ~0xfu) != 0)
                {
                    line.Add((byte)'|');
                    AddNames(value & ~0xfu, FlagNames.SocketFlags, "0", line);
                }

                break;
            default:
                line.AddHex(value);
                break;
        }
    }

    private static void AddOpenFlags(uint flags, LineBuffer line)
    {
        line.Add(FlagNames.AccessModes[flags & 3]);
        if ((flags & ~3u) != 0)
        {
            line.Add((byte)'|');
            AddNames(flags & ~3u, FlagNames.OpenFlags, "0", line);
        }
    }

    /// <summary>An argument of prctl(2) behind its first one.</summary>
    private static void AddProcessOption(uint option, int argument, ulong value, LineBuffer line)
    {
        const uint CapabilityDrop = 24, Ambient = 47;
        if (option == Ambient && argument == 1)
        {
            AddName((uint)value, FlagNames.AmbientOptions, line);
        }
        else if (((option == CapabilityDrop && argument == 1) || (option == Ambient && argument == 2))
            && value < (ulong)CapabilityNames.All.Count)
        {
            line.Add(CapabilityNames.All[(int)value]);
        }
        else
        {
            line.AddHex(value);
        }
    }

    private static void AddName(uint value, FlagName[] names, LineBuffer line)
    {
        foreach (FlagName name in names)
        {
            if (name.Value == value)
            {
                line.Add(name.Name);
                return;
            }
        }

        line.AddHex(value);
    }

    private static void AddNames(uint value, FlagName[] names, string none, LineBuffer line)
    {
        if (value == 0)
        {
            line.Add(none);
            return;
        }

        bool first = true;
        foreach (FlagName name in names)
        {
            if ((value & name.Value) == name.Value)
            {
                if (!first)
                {
                    line.Add((byte)'|');
                }

                line.Add(name.Name);
                value &= ~name.Value;
                first = false;
            }
        }

        if (value != 0)
        {
            if (!first)
            {
                line.Add((byte)'|');
            }

            line.AddHex(value);
        }
    }
}
