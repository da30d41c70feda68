using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>What makes an access distinct. All numbers but the enumerations are places in pools.</summary>
/// <param name="Program">Who: the program.</param>
/// <param name="Command">Who: the command name, where the program is not known.</param>
/// <param name="User">Who: the effective user.</param>
/// <param name="Operation">Did what.</param>
/// <param name="Kind">To what kind of object.</param>
/// <param name="Target">To what.</param>
/// <param name="Detail">The destination of a rename or link, the arguments of an execution.</param>
/// <param name="Outcome">With what outcome.</param>
/// <param name="IsUnresolved">Whether the target is relative to something unknown.</param>
internal readonly record struct AccessKey(
    int Program, int Command, long User, Operation Operation, ObjectKind Kind, int Target, int Detail, int Outcome,
    bool IsUnresolved)
{
    // The same key is looked up for each line: one multiplication a field is enough, as places in pools are not chosen
    // by whoever wrote the log.
    public override int GetHashCode()
    {
        ulong hash = (uint)Target;
        hash = (hash * 0x9e3779b97f4a7c15) ^ (uint)Program;
        hash = (hash * 0x9e3779b97f4a7c15) ^ ((ulong)(uint)Detail << 32) ^ (uint)Command;
        hash = (hash * 0x9e3779b97f4a7c15) ^ (ulong)User ^ ((ulong)Operation << 40) ^ ((ulong)Kind << 48)
            ^ ((ulong)(uint)Outcome << 20) ^ (IsUnresolved ? 1UL << 60 : 0);
        hash *= 0x9e3779b97f4a7c15;
        return (int)(hash >> 32);
    }
}
