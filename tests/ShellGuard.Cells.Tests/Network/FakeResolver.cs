using System.Net;
using ShellGuard.Cells.Supervision.Network;

namespace ShellGuard.Cells.Tests.Network;

internal sealed class FakeResolver : IHostResolver
{
    internal Dictionary<string, IPAddress[]> Table { get; } = new(StringComparer.Ordinal);

    internal int Calls { get; private set; }

    internal bool IsOut { get; set; }

    public IPAddress[]? Resolve(string host)
    {
        Calls++;
        return IsOut ? null : Table.GetValueOrDefault(host, []);
    }
}
