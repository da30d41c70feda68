using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Launch;

/// <summary>A script in native memory, as <c>launch.s</c> walks it.</summary>
internal sealed unsafe class CompiledLaunch : IDisposable
{
    private readonly NativeArena _arena;
    private readonly Dictionary<LaunchSlot, List<nint>> _stores = [];

    /// <param name="arena">Where it is put; belongs to this object from now on. The steps come first in it.</param>
    internal CompiledLaunch(LaunchScript script, NativeArena arena)
    {
        _arena = arena;
        Count = script.Steps.Count;

        // SAFETY: the arena's blocks live until Dispose; RawStep is blittable.
        Steps = (RawStep*)_arena.Allocate(Count * sizeof(RawStep));
        for (int i = 0; i < Count; i++)
        {
            Write(&Steps[i], script.Steps[i]);
        }

        for (int i = 0; i < Count; i++)
        {
            if (script.Steps[i].Result is { } slot && _stores.TryGetValue(slot, out List<nint>? addresses))
            {
                nint** list = (nint**)_arena.Allocate((addresses.Count + 1) * sizeof(nint));
                for (int k = 0; k < addresses.Count; k++)
                {
                    list[k] = (nint*)_arena.Target((void*)addresses[k]);
                }

                Steps[i].Stores = (nint**)_arena.Target(list);
            }
        }
    }

    internal RawStep* Steps { get; }

    internal int Count { get; }

    public void Dispose() => _arena.Dispose();

    /// <summary>The first step that did not succeed, after the script was walked; null when all did.</summary>
    /// <param name="script">What was compiled.</param>
    internal LaunchStep? FailedStep(LaunchScript script, out Errno error)
    {
        error = Errno.None;
        for (int i = 0; i < Count; i++)
        {
            nint value = Steps[i].Result;
            LaunchStep step = script.Steps[i];

            // The last exec of each process never returns, so it has no result when it succeeded.
            bool endsProcess = step.Call is SystemCall.execve or SystemCall.execveat;
            if (value == LaunchOutcome.NotReached ? !endsProcess : value < step.Minimum)
            {
                error = value is < 0 and > -4096 ? (Errno)(-value) : Errno.None;
                return step;
            }
        }

        return null;
    }

    private void Write(RawStep* raw, LaunchStep step)
    {
        if (step.Arguments.Count > 6)
        {
            throw new ArgumentException(
                $"{step.Call} has {step.Arguments.Count} arguments; the kernel takes six", nameof(step));
        }

        raw->Number = (nint)step.Call;
        raw->Result = LaunchOutcome.NotReached;
        raw->Minimum = (nint)step.Minimum;
        raw->Skip = step.ChildSteps;

        // SAFETY: A0 to A5 are six consecutive fields.
        nint* arguments = &raw->A0;
        for (int i = 0; i < step.Arguments.Count; i++)
        {
            Place(step.Arguments[i], &arguments[i]);
        }
    }

    /// <summary>Puts a value at an address, or notes the address for a result that is not there yet.</summary>
    private void Place(LaunchArgument argument, nint* address)
    {
        // SAFETY: the address lies in a step or in a block of the arena, both zeroed and 8 bytes longer than what the
        // kernel reads, so that a pointer fits at every offset of a field; offsets are the caller's constants.
        switch (argument)
        {
            case LaunchArgument.Number number:
                *address = (nint)number.Value;
                break;
            case LaunchArgument.Text text:
                *address = _arena.Target(_arena.Text(text.Value));
                break;
            case LaunchArgument.TextArray array:
                nint* list = (nint*)_arena.Allocate((array.Values.Count + 1) * sizeof(nint));
                for (int i = 0; i < array.Values.Count; i++)
                {
                    list[i] = _arena.Target(_arena.Text(array.Values[i]));
                }

                *address = _arena.Target(list);
                break;
            case LaunchArgument.Result result:
                CollectionsMarshal.GetValueRefOrAddDefault(_stores, result.Slot, out _) ??= [];
                _stores[result.Slot].Add((nint)address);
                break;
            case LaunchArgument.Block block:
                byte* bytes = _arena.Allocate(block.Bytes.Length);
                block.Bytes.CopyTo(new Span<byte>(bytes, block.Bytes.Length));
                foreach ((int offset, LaunchArgument value) in block.Fields)
                {
                    Place(value, (nint*)(bytes + offset));
                }

                *address = _arena.Target(bytes);
                break;
            default:
                throw new InvalidOperationException($"unknown argument {argument.GetType().Name}");
        }
    }
}
