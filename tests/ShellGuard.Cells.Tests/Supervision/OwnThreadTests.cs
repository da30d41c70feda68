using ShellGuard.Cells.Supervision;
using Xunit;

namespace ShellGuard.Cells.Tests.Supervision;

public sealed class OwnThreadTests
{
    [Fact]
    public void Work_that_waits_for_other_work_does_not_keep_it_from_its_end()
    {
        // More of them than are kept, all at once: each has a thread to itself.
        const int many = 40;
        using CountdownEvent begun = new(many);
        List<OwnThread.Work> works = [];
        for (int i = 0; i < many; i++)
        {
            works.Add(OwnThread.Begin("waits", () =>
            {
                begun.Signal();
                begun.Wait();
            }));
        }

        works.ForEach(work => work.Join());
        Assert.True(begun.IsSet);
    }

    [Fact]
    public void A_thread_takes_other_work_under_its_name_when_it_is_done()
    {
        HashSet<int> threads = [];
        for (int i = 0; i < 200; i++)
        {
            string? name = null;
            int thread = 0;
            OwnThread.Begin($"work {i}", () => (name, thread) = (Thread.CurrentThread.Name, Environment.CurrentManagedThreadId)).Join();
            Assert.Equal($"work {i}", name);
            threads.Add(thread);
        }

        // Who waited may begin the next before the thread has lain down; with 200 new ones each time there would be 200.
        Assert.InRange(threads.Count, 1, 100);
    }
}
