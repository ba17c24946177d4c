//! The rules, one file per noun. Only this room and `worker` write to the store.
