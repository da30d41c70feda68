using ShellGuard.Cells.Supervision;
using Xunit;

namespace ShellGuard.Cells.Tests.Supervision;

public sealed class SecondThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Work_is_done_in_its_order_on_one_thread_that_is_not_ours()
    {
        SecondThread second = new();
        List<int> done = [];

        // Taken before anything is awaited: what follows an await may run on the second thread.
        int ours = Environment.CurrentManagedThreadId;
        int first = await second.Begin(() => Do(1)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Task<int> two = second.Begin(() => Do(2));
        Task<int> three = second.Begin(() => Do(3));
        int[] threads = await Task.WhenAll(two, three).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], done);
        Assert.All(threads, thread => Assert.Equal(first, thread));
        Assert.NotEqual(ours, first);

        int Do(int number)
        {
            done.Add(number);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task A_failure_is_thrown_where_the_result_is_asked_for_and_nowhere_else()
    {
        SecondThread second = new();
        Task<int> failing = second.Begin<int>(() => throw new InvalidDataException("no"));
        Task<int> next = second.Begin(() => 4);

        Assert.Equal(4, await next.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
    }
}
