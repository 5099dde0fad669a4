"""The room that answers on their way have."""

import asyncio

from transforms.web.sessions import MAX_ANSWERS, MAX_WAITING_BYTES, Room


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def full_room():
    room = Room(asyncio.Semaphore(1000))
    for _ in range(MAX_ANSWERS):
        room.keep(1)
    return room


async def use(room, name, entered, leave):
    async with room.place():
        entered.append(name)
        await leave.wait()


async def queue(room, count):
    entered, leave = [], asyncio.Event()
    tasks = [asyncio.create_task(use(room, n, entered, leave)) for n in range(count)]
    await settle()
    return entered, leave, tasks


def test_what_is_collected_lets_as_many_in_first_come_first_served():
    async def run():
        room = full_room()
        entered, leave, tasks = await queue(room, 6)
        assert entered == []
        room.free(2, 2)
        await settle()
        assert entered == [0, 1]
        leave.set()
        await asyncio.gather(*tasks)
        assert sorted(entered) == list(range(6))

    asyncio.run(run())


def test_a_place_given_to_a_task_that_ends_goes_to_the_next():
    async def run():
        room = full_room()
        entered, leave, tasks = await queue(room, 3)
        room.free(1, 1)
        tasks[0].cancel()  # woken, and ended before it could enter
        await settle()
        assert entered == [1]
        leave.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert entered == [1, 2]

    asyncio.run(run())


def test_bytes_that_wait_hold_requests_back_too():
    async def run():
        room = Room(asyncio.Semaphore(1000))
        room.keep(MAX_WAITING_BYTES)
        room.keep(1)
        entered, leave, tasks = await queue(room, 2)
        room.free(1, 1)
        await settle()
        assert entered == []
        room.free(1, MAX_WAITING_BYTES)
        await settle()
        assert entered == [0, 1]
        leave.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_one_free_place_wakes_one_of_many():
    async def run():
        room = full_room()
        _, leave, tasks = await queue(room, 50)
        waiters = list(room._waiters)
        assert len(waiters) == 50
        room.free(1, 1)
        assert sum(waiter.done() for waiter in waiters) == 1
        leave.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
