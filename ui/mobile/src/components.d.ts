// Our components by name, so that templates are checked; pages.json lets uni-app find them.
declare module 'vue' {
  interface GlobalComponents {
    KButton: typeof import('./components/k-button.vue')['default']
    KCard: typeof import('./components/k-card.vue')['default']
    KCheck: typeof import('./components/k-check.vue')['default']
    KChoice: typeof import('./components/k-choice.vue')['default']
    KField: typeof import('./components/k-field.vue')['default']
    KForm: typeof import('./components/k-form.vue')['default']
    KHeading: typeof import('./components/k-heading.vue')['default']
    KIcon: typeof import('./components/k-icon.vue')['default']
    KMap: typeof import('./components/k-map.vue')['default']
    KNote: typeof import('./components/k-note.vue')['default']
    KPage: typeof import('./components/k-page.vue')['default']
    KPhoto: typeof import('./components/k-photo.vue')['default']
    KPhotos: typeof import('./components/k-photos.vue')['default']
    KRow: typeof import('./components/k-row.vue')['default']
    KSelect: typeof import('./components/k-select.vue')['default']
    KSheet: typeof import('./components/k-sheet.vue')['default']
    KStars: typeof import('./components/k-stars.vue')['default']
    KState: typeof import('./components/k-state.vue')['default']
    KSteps: typeof import('./components/k-steps.vue')['default']
    KTag: typeof import('./components/k-tag.vue')['default']
    KTile: typeof import('./components/k-tile.vue')['default']
  }
}
export {}
