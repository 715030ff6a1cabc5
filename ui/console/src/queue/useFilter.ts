// The filter of the page, in the address.
import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { readFilter, writeFilter, type Filter } from './filter'

export function useFilter(routeName: string) {
  const route = useRoute()
  const router = useRouter()
  const filter = shallowRef<Filter>(readFilter(route.query))

  // A list that is kept while a case is read does not listen to the case's address.
  watch(
    () => (route.name === routeName ? JSON.stringify(writeFilter(readFilter(route.query))) : undefined),
    text => {
      if (text !== undefined && text !== JSON.stringify(writeFilter(filter.value))) filter.value = readFilter(route.query)
    },
  )

  function narrow(change: Filter) {
    void router.replace({ name: routeName, query: writeFilter({ ...filter.value, ...change }) })
  }

  function clear() {
    void router.replace({ name: routeName })
  }

  const narrowed = computed(() => Object.keys(writeFilter(filter.value)).length > 0)
  return { filter, narrowed, narrow, clear }
}
